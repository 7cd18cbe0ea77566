/**
 * The hosted pages: hydrates the form that stands on the page, and serves the print button.
 *
 * Invariant: every page does its job without this file.
 */
import { Form } from "./core.js";

const container = document.querySelector("[data-vinkje-page]");
const data = document.querySelector("script[data-vinkje-bundle]");
if (container && data) new Form(container, undefined, () => {}).show(JSON.parse(data.textContent), true);

for (const button of document.querySelectorAll("[data-vinkje-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
// On paper the exact wording is always there.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details.wording")) details.open = true;
});
