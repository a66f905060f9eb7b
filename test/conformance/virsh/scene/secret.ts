/** Secrets. */
import type { Scene } from "../scene.ts";

const UUID = "11111111-2222-3333-4444-5555555555";
const secret = (nr: string, attributes: string, usage = ""): string =>
  `<secret ${attributes}><uuid>${UUID}${nr}</uuid><description>one of ours</description>${usage}</secret>`;

export const SECRET_SCENES: readonly Scene[] = [
  {
    title: "secrets",
    guests: [],
    files: {
      open: secret("01", "ephemeral='no' private='no'"),
      hidden: secret(
        "02",
        "ephemeral='no' private='yes'",
        "<usage type='volume'><volume>/v</volume></usage>",
      ),
      short: secret(
        "03",
        "ephemeral='yes' private='no'",
        "<usage type='ceph'><name>c</name></usage>",
      ),
      iscsi: secret(
        "04",
        "ephemeral='yes' private='yes'",
        "<usage type='iscsi'><target>t</target></usage>",
      ),
      tls: secret("05", "ephemeral='no' private='no'", "<usage type='tls'><name>n</name></usage>"),
      tpm: secret("06", "ephemeral='no' private='no'", "<usage type='vtpm'><name>n</name></usage>"),
      again: secret(
        "07",
        "ephemeral='no' private='no'",
        "<usage type='ceph'><name>c</name></usage>",
      ),
      changed: secret("01", "ephemeral='no' private='yes'"),
      noUsage: secret("08", "ephemeral='no' private='no'", "<usage type='ceph'/>"),
      badUsage: secret(
        "08",
        "ephemeral='no' private='no'",
        "<usage type='nosuch'><name>n</name></usage>",
      ),
      badFlag: secret("08", "ephemeral='maybe' private='no'"),
      extra: secret("09", "ephemeral='no' private='no'", "<nosuch/>"),
      notSecret: "<pool/>",
      notClosed: "<secret",
    },
    commands: `
secret-list
secret-define @open
secret-define @open
secret-define @hidden
secret-define @short
secret-define @iscsi
secret-define @tls
secret-define @tpm
secret-define @again
secret-define @noUsage
secret-define @badUsage
secret-define @badFlag
secret-define @extra --validate
secret-define @extra
secret-define @notSecret
secret-define @notClosed
secret-define @nosuch
secret-list
secret-list --ephemeral
secret-list --no-ephemeral
secret-list --private
secret-list --no-private
secret-list --private --ephemeral
secret-dumpxml ${UUID}01
secret-dumpxml ${UUID}02
secret-dumpxml ${UUID}03
secret-dumpxml ${UUID}06
secret-dumpxml nosuch
secret-dumpxml 11111111-2222-3333-4444-555555555599
secret-get-value ${UUID}01
secret-set-value ${UUID}01 aGVsbG8=
secret-get-value ${UUID}01
secret-get-value ${UUID}01 --plain
secret-set-value ${UUID}01 --file DIR/open.xml --plain
secret-get-value ${UUID}01 --plain
secret-set-value ${UUID}01 --file DIR/nosuch
secret-set-value ${UUID}01
secret-set-value ${UUID}01 nonsense!
secret-set-value ${UUID}02 aGVsbG8=
secret-get-value ${UUID}02
secret-set-value nosuch aGVsbG8=
secret-get-value nosuch
secret-define @changed
secret-get-value ${UUID}01
secret-define @open
secret-event --list
secret-event
secret-event --event nosuch
secret-event --event lifecycle --secret nosuch
secret-event --event lifecycle --loop << secret-undefine ${UUID}03 ; secret-define @short ; secret-undefine ${UUID}04
secret-event --event value-changed --loop << secret-set-value ${UUID}05 aGVsbG8=
secret-event ${UUID}05 --event lifecycle --loop << secret-undefine ${UUID}06 ; secret-undefine ${UUID}05
secret-event --event lifecycle --timeout 1
secret-undefine ${UUID}01
secret-undefine ${UUID}01
secret-undefine nosuch
secret-list
`,
  },
];
