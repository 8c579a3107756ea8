import { useId } from "preact/hooks";

interface Props {
  label: string;
  options: readonly { value: string; text: string }[];
  value: string;
  choose: (value: string) => void;
}

/** One of a few, as radio buttons that look like a row of segments. */
export function Choice({ label, options, value, choose }: Props) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend class="unseen">{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            class="unseen"
            name={name}
            checked={option.value === value}
            onChange={() => choose(option.value)}
          />
          <span class="segment">{option.text}</span>
        </label>
      ))}
    </fieldset>
  );
}
