/**
 * The club's two pages. When the sign-up had to go on without the visitor's choices, the page of thanks offers the link.
 * A shop with a server of its own would use the form value `vinkje-link` instead.
 */
const KEY = "vinkje-link";

addEventListener("vinkje-error", ({ detail }) => {
  if (detail.link) sessionStorage.setItem(KEY, detail.link);
});
addEventListener("vinkje-recorded", () => sessionStorage.removeItem(KEY));

const later = document.querySelector(".later");
const link = sessionStorage.getItem(KEY);
if (later && link) {
  later.querySelector("a").href = link;
  later.hidden = false;
  // Said once: who comes back later may have chosen meanwhile.
  sessionStorage.removeItem(KEY);
}
