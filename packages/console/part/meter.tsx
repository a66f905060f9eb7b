import { Progress } from "@patternfly/react-core";
import type { ReactElement, ReactNode } from "react";

export interface MeterProps {
  /** What is measured, for who cannot see where it stands. */
  readonly label: string;
  /** Shown above it; a link mostly. */
  readonly title?: ReactNode;
  /** 0 to 1. */
  readonly part: number;
  readonly text: string;
}

const FULL = 100;

/** How much of something is used. */
export const Meter = ({ label, title, part, text }: MeterProps): ReactElement => (
  <div className="vireo-meter">
    {title}
    <Progress
      size="sm"
      measureLocation="outside"
      aria-label={label}
      value={Math.max(0, Math.min(FULL, part * FULL))}
      label={text}
    />
  </div>
);
