import {
  Alert,
  Button,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadMain,
  MastheadToggle,
  Nav,
  NavItem,
  NavList,
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
  SkipToContent,
} from "@patternfly/react-core";
import BarsIcon from "@patternfly/react-icons/dist/esm/icons/bars-icon";
import SignOutAltIcon from "@patternfly/react-icons/dist/esm/icons/sign-out-alt-icon";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useCallback, useEffect, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { EventLogContext, useEventLog } from "../data/event-log.ts";
import { useLive } from "../data/live.ts";
import { useSession } from "../data/session-context.ts";
import { signOut } from "../data/session.ts";
import { ColourToggle } from "../part/colour-toggle.tsx";
import { Palette } from "../part/palette.tsx";
import { PAGES } from "./pages.ts";

const MAIN = "main";

function Sidebar(): ReactElement {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const isAt = (to: string): boolean => (to === "/" ? pathname === "/" : pathname.startsWith(to));
  return (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label={t("nav.label")}>
          <NavList>
            {PAGES.map(({ to, label }) => (
              <NavItem key={to} isActive={isAt(to)}>
                <Link to={to}>{t(label)}</Link>
              </NavItem>
            ))}
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
}

function Who(): ReactElement {
  const { t } = useTranslation();
  const { user, readOnly } = useSession();
  const leave = (): void => {
    void signOut().finally(() => location.reload());
  };
  return (
    <div className="vireo-masthead">
      <Palette />
      <ColourToggle />
      <span className="vireo-wide">
        {user}
        {readOnly ? ` (${t("session.readOnly")})` : ""}
      </span>
      <Button
        variant="plain"
        icon={<SignOutAltIcon />}
        aria-label={t("session.signOut")}
        onClick={leave}
      />
    </div>
  );
}

/** Below this width the way around lies over the page, and goes away once it was used. */
const WIDE = 1200;

/** What surrounds every page: head, way around, and whether the line to the daemon is up. */
export function Shell(): ReactElement {
  const { t } = useTranslation();
  const [open, setOpen] = useState(() => innerWidth >= WIDE);
  const { pathname } = useLocation();
  useEffect(() => {
    if (innerWidth < WIDE) setOpen(false);
  }, [pathname]);
  const { log, add } = useEventLog();
  const line = useLive(useCallback(add, [add]));
  const masthead = (
    <Masthead>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton
            variant="plain"
            aria-label={t("nav.label")}
            isSidebarOpen={open}
            onSidebarToggle={() => setOpen(!open)}
          >
            <BarsIcon />
          </PageToggleButton>
        </MastheadToggle>
        <MastheadBrand>
          <Link to="/">
            <strong>{t("app.name")}</strong>
          </Link>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <Who />
      </MastheadContent>
    </Masthead>
  );
  return (
    <EventLogContext value={log}>
      <Page
        masthead={masthead}
        sidebar={open ? <Sidebar /> : null}
        mainContainerId={MAIN}
        isContentFilled
        skipToContent={<SkipToContent href={`#${MAIN}`}>{t("app.skip")}</SkipToContent>}
      >
        {line === "down" ? <Alert variant="danger" isInline title={t("app.line.down")} /> : null}
        <Outlet />
      </Page>
    </EventLogContext>
  );
}
