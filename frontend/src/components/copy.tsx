import { useRef, useState } from "preact/hooks";
import { announce } from "./announcements";

/** A line to copy, with its button. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const line = useRef<HTMLElement>(null);
  const { copied, copy } = useCopy(text, label, () => {
    if (line.current) getSelection()?.selectAllChildren(line.current);
  });
  return (
    <span class="copyable">
      <code ref={line}>{text}</code>
      <button type="button" class="quiet" aria-label={`Copy ${label}`} onClick={copy}>
        {copied ? "Copied" : "Copy"}
      </button>
    </span>
  );
}

interface ButtonProps {
  text: () => string;
  label: string;
  children: string;
}

/** Copies what does not stand beside it; where no browser command can, it is shown to be copied by hand. */
export function CopyButton({ text, label, children }: ButtonProps) {
  const [refused, setRefused] = useState<string | null>(null);
  const { copied, copy } = useCopy(text, label, () => setRefused(text()));
  if (refused !== null) {
    return (
      <input
        class="to-select"
        readOnly
        aria-label={label}
        value={refused}
        ref={(box) => box?.select()}
        onBlur={() => setRefused(null)}
      />
    );
  }
  return (
    <button type="button" onClick={copy}>
      {copied ? "Copied" : children}
    </button>
  );
}

const SHOWN_MS = 2000;

function useCopy(text: string | (() => string), label: string, refused: () => void) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const done = await copyText(typeof text === "string" ? text : text());
    if (!done) refused();
    setCopied(done);
    announce(done ? `${label} copied` : `${label} selected: copy it with the keyboard`);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return { copied, copy };
}

/** The clipboard exists on localhost and https only; TensorBoard is often opened as http://server:6006. */
async function copyText(text: string): Promise<boolean> {
  try {
    // biome-ignore lint/plugin: this writes to the clipboard, not into the page.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByCommand(text);
  }
}

/** The old command copies what is selected; a box for it stands where an open dialog lets it be. */
function copyByCommand(text: string): boolean {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.className = "unseen";
  box.value = text;
  (before?.parentElement ?? document.body).append(box);
  box.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    box.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
}
