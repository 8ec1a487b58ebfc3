"""What figures are drawn with: one consistent style, bands, heatmaps and contours."""
