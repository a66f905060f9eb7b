/** Light or dark: what the user chose, else what the system says. */

const KEY = "vireo-colours";
const dark = matchMedia("(prefers-color-scheme: dark)");

export type Colours = "system" | "light" | "dark";

export const chosenColours = (): Colours => {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
};

function apply(): void {
  const chosen = chosenColours();
  const isDark = chosen === "dark" || (chosen === "system" && dark.matches);
  document.documentElement.classList.toggle("pf-v6-theme-dark", isDark);
}

export function chooseColours(colours: Colours): void {
  if (colours === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, colours);
  apply();
}

/** From now on the page follows the choice and the system. */
export function followColours(): void {
  apply();
  dark.addEventListener("change", apply);
}
