import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  label: ComponentChildren;
  /** What a screen reader says where the label is a sign. */
  name?: string;
  class?: string;
  children: ComponentChildren;
}

/** A button that unfolds a small card; Escape, a press elsewhere or leaving it folds it again. */
export function Menu({ label, name, class: named = "", children }: Props) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const foldOutside = ({ target }: Event) => {
      if (menu.current && !menu.current.contains(target as Node)) menu.current.open = false;
    };
    window.addEventListener("pointerdown", foldOutside);
    window.addEventListener("focusin", foldOutside);
    return () => {
      window.removeEventListener("pointerdown", foldOutside);
      window.removeEventListener("focusin", foldOutside);
    };
  }, []);
  const foldOnEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !menu.current?.open) return;
    event.stopPropagation();
    menu.current.open = false;
    menu.current.querySelector("summary")?.focus();
  };
  return (
    <details class={`menu ${named}`} ref={menu} onKeyDown={foldOnEscape}>
      <summary aria-label={name}>{label}</summary>
      <div class="card unfolded">{children}</div>
    </details>
  );
}
