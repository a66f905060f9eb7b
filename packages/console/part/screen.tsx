import { Breadcrumb, BreadcrumbItem, Content, PageSection, Title } from "@patternfly/react-core";
import { Link } from "@tanstack/react-router";
import { useEffect, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** The page above, where there is one. */
interface Above {
  readonly to: "/domains" | "/storage";
  readonly label: string;
}

export interface ScreenProps {
  readonly title: string;
  readonly above?: Above;
  /** Beside the title. */
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
  /** What the page is for, in a sentence. */
  readonly about?: string;
  readonly children: ReactNode;
}

/** A page: where it is, what it is called, what can be done, and then what it shows. */
export function Screen({
  title,
  above,
  badge,
  actions,
  about,
  children,
}: ScreenProps): ReactElement {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} – ${t("app.name")}`;
  }, [title, t]);
  return (
    <PageSection isFilled className="vireo-page">
      {above === undefined ? null : (
        <Breadcrumb>
          <BreadcrumbItem>
            <Link to={above.to}>{above.label}</Link>
          </BreadcrumbItem>
          <BreadcrumbItem isActive>{title}</BreadcrumbItem>
        </Breadcrumb>
      )}
      <div className="vireo-title">
        <Title headingLevel="h1">{title}</Title>
        {badge}
        <div className="vireo-actions">{actions}</div>
      </div>
      {about === undefined ? null : <Content component="p">{about}</Content>}
      {children}
    </PageSection>
  );
}
