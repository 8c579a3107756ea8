import { useEffect, useState } from "preact/hooks";

interface Props {
  src: string;
  alt: string;
  /** A picture that failed is asked for again when this changes. */
  written: number | null;
}

/** A picture from a run's folder, or the sentence that it cannot be shown. */
export function Shown({ src, alt, written }: Props) {
  const [failed, setFailed] = useState(false);
  useEffect(() => setFailed(false), [src, written]);
  if (failed) {
    return (
      <span class="broken">
        <span class="unseen">{alt}: </span>
        cannot be shown: the file is damaged or too large
      </span>
    );
  }
  return (
    <img src={src} alt={alt} loading="lazy" decoding="async" onError={() => setFailed(true)} />
  );
}
