import { go, place } from "../place";

/** Findings stand on the overview; they are there as soon as it is drawn. */
export function focusFinding(key: string | undefined): void {
  if ((place.value.tab ?? "overview") !== "overview") go({ tab: null }, "push");
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.getElementById(`finding-${key}`)?.focus()),
  );
}
