// The state of a form in the address, so that what is shown can be linked to.

"use strict";

/** Set the controls of a form to what the address says of them. */
function fillFromAddress(form, names) {
  const given = new URLSearchParams(window.location.search);
  for (const name of names.filter((known) => given.has(known))) {
    const control = form[name];
    if (control.type === "checkbox") control.checked = given.get(name) === "true";
    else control.value = given.get(name);
  }
}

/** Address of this page with the controls as they are, and what else is to be told. */
function addressOf(form, names, more) {
  const query = new URLSearchParams();
  for (const name of names) {
    const control = form[name];
    query.set(name, control.type === "checkbox" ? control.checked : control.value);
  }
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return `?${query}`;
}

/** A number that the address gives, or another one. */
function numberInAddress(name, otherwise) {
  const given = Number.parseInt(new URLSearchParams(window.location.search).get(name), 10);
  return Number.isNaN(given) ? otherwise : given;
}
