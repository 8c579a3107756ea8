import { useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { dark } from "../host";

export interface Size {
  width: number;
  height: number;
}

interface Use {
  options: (size: Size) => uPlot.Options;
  /** Puts the present data into the plot. */
  show: (plot: uPlot) => void;
}

/** A uPlot that follows its box and the theme. It is made anew when `keys` change, and shows its data at every render. */
export function usePlot(use: Use, keys: readonly unknown[]) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(use);
  latest.current = use;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const size = { width: element.clientWidth, height: element.clientHeight };
      // A frame that TensorBoard hides has no size, and a plot must not be drawn into it.
      if (size.width === 0 || size.height === 0) return;
      if (plot.current) {
        plot.current.setSize(size);
      } else {
        plot.current = new uPlot(latest.current.options(size), [[]], element);
        latest.current.show(plot.current);
      }
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, keys);

  useLayoutEffect(() => {
    if (plot.current) latest.current.show(plot.current);
  });

  useSignalEffect(() => {
    void dark.value;
    plot.current?.redraw(false);
  });

  return { box, plot };
}
