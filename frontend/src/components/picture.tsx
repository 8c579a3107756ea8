import { useEffect, useState } from "preact/hooks";

interface Props {
  src: string;
  alt: string;
  /** A picture that failed is asked for again when this changes. */
  written: number | null;
  class?: string;
  transform?: string;
  loaded?: (image: HTMLImageElement) => void;
}

/** A picture from a run's folder, or the sentence that it cannot be shown. */
export function Shown({ src, alt, written, class: name, transform, loaded }: Props) {
  const [failed, setFailed] = useState(false);
  useEffect(() => setFailed(false), [src, written]);
  if (failed) {
    return (
      <span class="broken">
        <span class="unseen">{alt}: </span>
        {src ? "cannot be shown: the file is damaged or too large" : "is not in this report"}
      </span>
    );
  }
  return (
    <img
      src={src}
      alt={alt}
      class={name}
      style={transform && { transform }}
      loading="lazy"
      decoding="async"
      draggable={false}
      onLoad={({ currentTarget }) => loaded?.(currentTarget)}
      onError={() => setFailed(true)}
    />
  );
}
