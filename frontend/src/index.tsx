/** TensorBoard calls this once, in the plugin's own frame. */
export async function render(): Promise<void> {
  try {
    await loadStyle();
    const { start } = await import("./app");
    start(document.body);
  } catch (error) {
    // A blank tab would tell nothing.
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.textContent = `RunLens could not start: ${error instanceof Error ? error.message : error}`;
    document.body.replaceChildren(message);
  }
}

/** Waits for the stylesheet, so that nothing is drawn without it; a page without style is still a page. */
function loadStyle(): Promise<void> {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = "./static/style.css";
  return new Promise((done) => {
    link.onload = link.onerror = () => done();
    document.head.append(link);
  });
}
