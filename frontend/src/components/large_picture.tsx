import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface Props {
  title: string;
  file: string;
  close: () => void;
  children: ComponentChildren;
}

/** A picture in front of everything; the browser closes it on Escape and puts the focus back. */
export function Large({ title, file, close, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="large" ref={dialog} aria-labelledby="large-title" onClose={close}>
      <header class="card-head">
        <h2 id="large-title">
          {title} <bdi class="path muted">{file}</bdi>
        </h2>
        <span class="spring" />
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      {children}
    </dialog>
  );
}
