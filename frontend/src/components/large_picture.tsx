import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface Props {
  title: string;
  file: string;
  tools?: ComponentChildren;
  close: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ComponentChildren;
}

/** A picture in front of everything; the browser closes it on Escape and puts the focus back. */
export function Large({ title, file, tools, close, onKeyDown, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    // Where the keys of the picture work, and not on the first button.
    dialog.current?.querySelector<HTMLElement>(".stage")?.focus();
  }, []);
  return (
    <dialog
      class="large"
      ref={dialog}
      aria-labelledby="large-title"
      onClose={close}
      onKeyDown={onKeyDown}
    >
      <header class="card-head">
        <h2 id="large-title">
          {title} <bdi class="path muted">{file}</bdi>
        </h2>
        <span class="spring" />
        {tools}
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      {children}
    </dialog>
  );
}
