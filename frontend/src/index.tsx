import { start } from "./app";
import { embedded } from "./embedded";

/** TensorBoard calls this once, in the plugin's own frame. */
export async function render(): Promise<void> {
  try {
    await loadStyle();
    start(document.body);
  } catch (error) {
    // A blank tab would tell nothing.
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.textContent = `RunLens could not start: ${error instanceof Error ? error.message : error}`;
    document.body.replaceChildren(message);
  }
}

// Nobody calls it in a report.
if (embedded) void render();

/** Waits for the stylesheet, so that nothing is drawn without it; a page without style is still a page. */
async function loadStyle(): Promise<void> {
  if (embedded) return; // it stands in the file
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = "./static/style.css";
  return new Promise((done) => {
    link.onload = link.onerror = () => done();
    document.head.append(link);
  });
}
