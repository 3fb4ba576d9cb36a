// The order desk by keyboard: ↓ and ↑ walk through what was found, Enter takes it, Esc puts it away. Without it, every step is a page.
const offered = (input) => [...(document.getElementById(input.dataset.suggest)?.querySelectorAll("[data-suggested] button") ?? [])];
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const input = event.target.closest?.("#order input");
  const list = event.target.closest?.("[data-suggested]");
  if (input?.dataset.suggest) looking(event, input);
  else if (input && event.key === "Enter") input.blur();
  else if (list) walking(event, list);
  if (input && event.key === "Enter") event.preventDefault();
});
// Whoever orders is known now: the next word is an article. Somebody who types elsewhere is left there.
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (elt.id !== "who" || elt.querySelector("input[name=typed], input[name=has_person]")) return;
  if (document.activeElement === document.body) document.querySelector("#order input[name=wanted]")?.focus();
});
function looking(event, input) {
  const [first] = offered(input);
  if (event.key === "Escape") document.getElementById(input.dataset.suggest)?.querySelector("[data-suggested]")?.remove();
  if (!first || !["ArrowDown", "Enter"].includes(event.key)) return;
  event.preventDefault();
  if (event.key === "Enter" && "first" in input.dataset) first.click();
  else first.focus();
}
function walking(event, list) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const input = document.querySelector(`#order input[name="${CSS.escape(list.dataset.suggested)}"]`);
  if (event.key === "Escape") {
    list.remove();
    input?.focus();
  }
  if (!step) return;
  const buttons = [...list.querySelectorAll("button")];
  const next = buttons.indexOf(document.activeElement) + step;
  if (next < 0) input?.focus();
  else buttons[Math.min(next, buttons.length - 1)].focus();
  event.preventDefault();
}
