import { useRef, useState } from "preact/hooks";
import { announce } from "./announcements";

/** A line to copy, with its button. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const line = useRef<HTMLElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const done = (await copyText(text)) || selectText(line.current);
    setCopied(done);
    announce(done ? `${label} copied` : `${label} selected: copy it with the keyboard`);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <span class="copyable">
      <code ref={line}>{text}</code>
      <button type="button" class="quiet" aria-label={`Copy ${label}`} onClick={copy}>
        {copied ? "Copied" : "Copy"}
      </button>
    </span>
  );
}

/** The clipboard exists on localhost and https only; TensorBoard is often opened as http://server:6006. */
async function copyText(text: string): Promise<boolean> {
  try {
    // biome-ignore lint/plugin: this writes to the clipboard, not into the page.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Selects the line and tries the old command; where that fails too the selection is left to the user. */
function selectText(element: HTMLElement | null): boolean {
  if (!element) return false;
  getSelection()?.selectAllChildren(element);
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}
