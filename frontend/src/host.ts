// The page around this frame: TensorBoard, or nothing. Whatever it refuses to tell has a default,
// because the tab must also work in a notebook's sandbox and when it is opened on its own.

import { signal } from "@preact/signals";

/** The window whose address the user sees: TensorBoard's when it may be touched, else our own. */
export const outer: Window = reachableParent() ?? window;

/** True in TensorBoard's dark mode, or the browser's where TensorBoard cannot be asked. */
const dark = signal(false);

/** False while another tab of TensorBoard hides this frame: its height is 0 then. */
export const visible = signal(isVisible());

function reachableParent(): Window | null {
  try {
    const parent = window.parent;
    // Reading the body throws when the parent has another origin.
    return parent !== window && parent.document.body ? parent : null;
  } catch {
    return null;
  }
}

function isVisible(): boolean {
  return window.innerHeight > 0 && document.visibilityState !== "hidden";
}

/** Grows each time TensorBoard has reloaded its data. */
export const reloads = signal(0);

/** Starts following the host's theme, its hiding of this frame, and its reload button. */
export function followHost(): void {
  followTheme();
  followVisibility();
  try {
    listen();
  } catch {
    // No messages then: the page polls anyway and has its own refresh button.
  }
}

function followTheme(): void {
  if (outer === window) {
    const preference = window.matchMedia("(prefers-color-scheme: dark)");
    dark.value = preference.matches;
    preference.addEventListener("change", () => {
      dark.value = preference.matches;
    });
  } else {
    const { body } = outer.document;
    const read = () => {
      dark.value = body.classList.contains("dark-mode");
    };
    read();
    new MutationObserver(read).observe(body, { attributeFilter: ["class"] });
  }
  dark.subscribe((isDark) => {
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  });
}

function followVisibility(): void {
  const read = () => {
    visible.value = isVisible();
  };
  window.addEventListener("resize", read);
  document.addEventListener("visibilitychange", read);
}

interface Message {
  type: string;
  id: number;
  isReply: boolean;
}

/** TensorBoard's messages are JSON strings over a port; it waits for a reply to each. */
function listen(): void {
  if (window.parent === window) return;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = parse(data);
    if (!message || message.isReply) return;
    port1.postMessage(
      JSON.stringify({
        type: message.type,
        id: message.id,
        payload: null,
        error: null,
        isReply: true,
      }),
    );
    if (message.type === "experimental.DataReloaded") reloads.value += 1;
  };
  window.parent.postMessage("experimental.bootstrap", "*", [port2]);
}

function parse(data: unknown): Message | null {
  try {
    return JSON.parse(String(data)) as Message;
  } catch {
    return null;
  }
}
