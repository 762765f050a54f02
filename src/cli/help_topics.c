#include "cli/help.h"

#define X(code, number, name, meaning) "  " #number "  " name ": " meaning "\n"
static const char exit_codes[] = EXITS(X) "\n8 means that the program worked and its answer "
                                          "needs attention, so that a script can\n"
                                          "tell \"broken\" from \"not clean\".\n";
#undef X

static const char formats[] =
    "On a terminal answers are tables for people. Piped, lists are lines with tabs and a\n"
    "header row, and --limit takes all rows. What must stay stable is asked for:\n"
    "\n"
    "  --json    one JSON document; keys keep their names\n"
    "  --csv     comma-separated, RFC 4180, with a header row\n"
    "  --plain   separated by tabs, one record per line\n"
    "\n"
    "Amounts are $1,284.56 for people, 1284.56 beside a column \"currency\" in rows, and\n"
    "strings in JSON. Days are 2026-11-20; moments are 2026-11-20T08:00:00-06:00.\n"
    "RECOUP_FORMAT=table, plain or json says what is usual where no flag does.\n"
    "\n"
    "Standard output holds the answer. Everything else goes to standard error. With --json an\n"
    "error is JSON too, on standard output:\n"
    "\n"
    "  {\"error\":{\"code\":\"not-found\",\"exit\":3,\"message\":\"…\",\"hint\":[\"…\"]}}\n";

static const char environment[] =
    "  RECOUP_DB             which book: a file, or postgres://…\n"
    "  RECOUP_DATABASE_FILE  a file that holds it, when it has a password inside\n"
    "  RECOUP_CONFIG         the settings file\n"
    "  RECOUP_FILES          folder of your own rules, strategies and letters\n"
    "  RECOUP_KEY_FILE       mixed into the key that seals secrets of users\n"
    "  RECOUP_TZ             time zone of dates you type and read\n"
    "  RECOUP_FORMAT         table, plain or json\n"
    "  NO_COLOR, RECOUP_NO_COLOR, CLICOLOR_FORCE, TERM=dumb\n"
    "  LC_ALL, LC_CTYPE, LANG  without UTF-8 signs are plain ASCII\n"
    "\n"
    "A flag wins over the environment, and the environment over every file.\n";

static const char config[] =
    "Settings come from, in order of who wins: a flag, the environment, ./recoup.yaml, the\n"
    "file recoup/recoup.yaml in $XDG_CONFIG_HOME (or ~/.config), /etc/recoup/recoup.yaml.\n"
    "--config FILE stands instead of the three files. recoup doctor --settings shows each\n"
    "value and where it came from.\n"
    "\n"
    "  db: recoup.db\n"
    "  zone: America/New_York\n"
    "  files: my-rules\n"
    "  key_file: house.key\n"
    "  channels:\n"
    "    email:\n"
    "      smtp: \"smtps://mail.example.com:465\"\n"
    "      user: recoup\n"
    "      password_file: mail.secret\n"
    "      return_to: \"bounces@example.com\"\n"
    "      tls: required          # if_offered or never, for a server on this machine\n"
    "      hello: mail.example.com\n"
    "      ca_file: our-own-authority.pem\n"
    "    letter:\n"
    "      folder: letters-out\n"
    "\n"
    "\"channels: { folder: sent }\" instead keeps every message as a file and sends nothing. "
    "Paths\n"
    "start at the folder of the file. Secrets stand in files of their own, never in flags. "
    "Whom\n"
    "messages come from is a setting of the book: recoup setting list.\n";

static const char dates[] =
    "Days     2026-11-20, today, tomorrow, yesterday, +7d, -3d, +2w, fri, next fri (both the\n"
    "         first Friday after today). What was understood is said in the answer.\n"
    "Moments  2026-11-20T09:00:00-06:00; a zone or Z is needed. A day alone is its noon.\n"
    "Money    185, 185.00, 1,185.00 or \"USD 185.00\"; more decimals than the currency has is\n"
    "         an error.\n"
    "\n"
    "--now runs any command as if it were that moment. Days are those of the organisation's\n"
    "time zone, unless --tz says otherwise.\n";

static const char scripting[] =
    "Say -y where a question would be asked, and --no-input to be sure that none is.\n"
    "\n"
    "  recoup import payments bank.csv --map bank --rejects rejects.csv --json > result.json\n"
    "  case $? in\n"
    "    0) ;;\n"
    "    9) mail -s 'Rows to fix' ar@example.com < rejects.csv ;;\n"
    "    10) sleep 300; exec \"$0\" ;;\n"
    "    *) exit 1 ;;\n"
    "  esac\n"
    "  recoup run && recoup worker --until-idle\n"
    "  recoup prove || echo 'look at it before tomorrow'\n"
    "\n"
    "Every command may be said again: what is there already is not done twice.\n";

const struct topic help_topics[] = {
    { "formats", "tables, rows and JSON", formats },
    { "exit-codes", "what a script can tell from the outcome", exit_codes },
    { "environment", "variables that are read", environment },
    { "config", "the settings file", config },
    { "dates", "days, moments and money as you type them", dates },
    { "scripting", "recoup in scripts", scripting },
    { NULL, NULL, NULL },
};
