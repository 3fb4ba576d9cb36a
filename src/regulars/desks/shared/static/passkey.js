// Passkeys: a form marked data-passkey asks the server what to hand to the device, and brings its answer back.
// A browser without passkeys, or a page without a domain, never shows these forms.
const named = !/^[\d.]+$|:/.test(location.hostname);
const able = named && window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON;

async function posted(url, form, more) {
  const body = new FormData(form);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.sentence);
  return told;
}

async function ask(form) {
  const { passkey, options, url } = form.dataset;
  const wanted = await posted(options, form, {});
  const credential = passkey === "make"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(wanted) });
  const told = await posted(url, form, { answer: JSON.stringify(credential.toJSON()), password: "" });
  location.assign(told.next);
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  form.hidden = !able;
  const said = form.querySelector("[role=alert]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    said.hidden = true;
    ask(form).catch((error) => {
      said.textContent = error instanceof DOMException || !error.message ? form.dataset.stopped : error.message;
      said.hidden = false;
    });
  });
}
