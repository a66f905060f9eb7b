import { Label } from "@patternfly/react-core";
import type { ReactElement } from "react";

export const TagLabels = ({ tags }: { readonly tags: readonly string[] }): ReactElement => (
  <>
    {tags.map((tag) => (
      <Label key={tag} isCompact variant="outline">
        {tag}
      </Label>
    ))}
  </>
);
