// Names for what Django's admin leaves without one: screen readers would say "edit text" and no more.
const name = () => {
  document.getElementById("searchbar")?.setAttribute("aria-label", "Search");
  for (const choice of document.querySelectorAll(".select2-selection")) {
    const field = choice.closest(".select2")?.previousElementSibling;
    const label = field?.labels?.[0]?.textContent.trim().replace(/:$/, "");
    if (!label) continue;
    choice.setAttribute("aria-label", label);
    choice.querySelector("[role=textbox]")?.setAttribute("aria-label", label);
  }
  for (const part of document.querySelectorAll(".vDateField, .vTimeField")) {
    const of = part.closest(".form-row")?.querySelector("legend, label")?.textContent.trim().replace(/:$/, "") ?? "";
    part.setAttribute("aria-label", `${of} ${part.classList.contains("vDateField") ? "date" : "time"}`.trim());
  }
  // A sign with a name needs a role that may have one.
  for (const sign of document.querySelectorAll(".help-tooltip[aria-label]")) sign.setAttribute("role", "img");
};
document.addEventListener("DOMContentLoaded", () => {
  name();
  new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
});
