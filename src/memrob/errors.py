"""Errors that are the user's to mend: reported in one line, without a traceback."""


class UserError(Exception):
    """A mistake in a file, key or option of the user's.

    The message is one line that names the file, key or option at fault and says what would be
    right. Commands that meet one print it and exit with status 2.
    """


class MissingDataError(UserError):
    """A data set that no source delivers; the message says why and how to supply it."""
