/** Calls back when a key is pressed outside of inputs; returns the function that ends it. */
export function onKey(key: string, callback: () => void): () => void {
  const listen = (event: KeyboardEvent) => {
    // An open dialog has the keyboard to itself.
    if (document.querySelector("dialog[open]")) return;
    if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLInputElement && event.target.type !== "radio") return;
    event.preventDefault();
    callback();
  };
  window.addEventListener("keydown", listen);
  return () => window.removeEventListener("keydown", listen);
}
