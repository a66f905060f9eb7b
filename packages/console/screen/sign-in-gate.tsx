import { Bullseye, LoginForm, LoginPage, Spinner } from "@patternfly/react-core";
import { useEffect, useState, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { SessionContext } from "../data/session-context.ts";
import { currentSession, signIn, type SignedIn } from "../data/session.ts";
import { faultText } from "../part/fault.tsx";

type Gate = "asking" | "closed" | SignedIn;

function SignIn({ open }: { readonly open: (session: SignedIn) => void }): ReactElement {
  const { t } = useTranslation();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<string>();
  const submit = (): void => {
    setFault(undefined);
    signIn(user, password).then(open, (error: unknown) => setFault(faultText(error)));
  };
  return (
    <LoginPage loginTitle={t("session.title")} textContent={t("session.hint")}>
      <LoginForm
        showHelperText={fault !== undefined}
        helperText={fault}
        usernameLabel={t("session.user")}
        usernameValue={user}
        onChangeUsername={(_event, value) => setUser(value)}
        passwordLabel={t("session.password")}
        passwordValue={password}
        onChangePassword={(_event, value) => setPassword(value)}
        onLoginButtonClick={(event) => {
          event.preventDefault();
          submit();
        }}
        loginButtonLabel={t("session.signIn")}
      />
    </LoginPage>
  );
}

/** Shows the page to who is signed in, and the way in to everybody else. */
export function SignInGate({ children }: { readonly children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  const [gate, setGate] = useState<Gate>("asking");
  useEffect(() => {
    currentSession().then(
      (session) => setGate(session ?? "closed"),
      () => setGate("closed"),
    );
  }, []);
  if (gate === "asking")
    return (
      <Bullseye>
        <Spinner aria-label={t("app.waiting")} />
      </Bullseye>
    );
  if (gate === "closed") return <SignIn open={setGate} />;
  return <SessionContext value={gate}>{children}</SessionContext>;
}
