interface Props {
  text: string;
  on: boolean;
  set: (on: boolean) => void;
}

/** A button that stays pressed. */
export function Toggle({ text, on, set }: Props) {
  return (
    <button type="button" class="quiet" aria-pressed={on} onClick={() => set(!on)}>
      {text}
    </button>
  );
}
