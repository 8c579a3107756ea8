/** A file made on the page, saved when the button is pressed. */
export function Download({
  name,
  text,
  children,
}: {
  name: string;
  text: () => string;
  children: string;
}) {
  return (
    <button type="button" onClick={() => save(name, new Blob([text()], { type: TEXT }))}>
      {children}
    </button>
  );
}

export const TEXT = "text/plain;charset=utf-8";

/** Long enough for every browser to have taken the file over. */
const KEPT_MS = 10_000;

export function save(name: string, file: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = safeName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

const LONGEST_NAME = 120;

/** A run's name is a path, and its characters are a stranger's. */
function safeName(name: string): string {
  return name
    .replace(/[^\w.-]+/g, "_")
    .slice(-LONGEST_NAME)
    .replace(/^[._-]+/, "");
}
