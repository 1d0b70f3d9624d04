//! Root keys of all kinds, as people give them: a file, a passphrase, a credential of the service manager.

use crate::register::{Desk, ENGLISH, said};
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Stdio},
};

const FIRST: &str = "correct horse battery staple";
const SECOND: &str = "four other words entirely";

impl Desk {
    /// A file with a passphrase that only its owner reads.
    fn words(&self, name: &str, words: &str) -> String {
        let path = self.path(name);
        fs::write(&path, format!("{words}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path.to_string_lossy().into_owned()
    }

    /// A key that the service manager hands over.
    fn credential(&mut self, name: &str) {
        let folder = self.path("credentials");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), format!("cartulary-root-key-1:{}\n", "5a".repeat(32))).unwrap();
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o400)).unwrap();
        self.set("CREDENTIALS_DIRECTORY", &folder.to_string_lossy());
    }
}

#[test]
fn a_passphrase_opens_the_register_and_another_does_not() {
    let desk = Desk::bare(false);
    let (words, wrong) = (desk.words("words", FIRST), desk.words("wrong", SECOND));
    let short = desk.words("short", "three words");
    assert!(desk.bad(&["init", "--passphrase-file", &short]).contains("fewer than 12 characters"));
    desk.good(&["init", "--passphrase-file", &words]);
    let header = fs::read_to_string(desk.path("data/passphrase.toml")).unwrap();
    assert!(header.contains("memory_mib") && !header.contains("horse"), "{header}");
    let paper = desk.paper("a.txt", ENGLISH);
    let case = desk.good(&["receive", &paper, "--passphrase-file", &words]).trim().to_owned();
    desk.good(&["case", "show", &case, "--passphrase-file", &words]);
    let told = desk.bad(&["case", "show", &case, "--passphrase-file", &wrong]);
    assert!(told.contains("the passphrase is not that of this register"), "{told}");
    // Nothing is given, and there is no terminal to ask on.
    assert!(desk.bad(&["verify"]).contains("--passphrase-file FILE"));
    assert!(desk.bad(&["verify", "--passphrase"]).contains("on a terminal"));
    let told = desk.bad(&["verify", "--passphrase-file", &words, "--root-key", &desk.text("x")]);
    assert!(told.contains("give one of them"), "{told}");
    fs::set_permissions(desk.path("words"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(desk.bad(&["verify", "--passphrase-file", &words]).contains("chmod 0400"));
}

#[test]
fn a_key_file_is_no_passphrase_and_a_passphrase_no_key_file() {
    let mut desk = Desk::bare(false);
    let (key, words) = (desk.text("root.key"), desk.words("words", FIRST));
    desk.good(&["init", "--root-key", &key]);
    let told = desk.bad(&["verify", "--passphrase-file", &words]);
    assert!(told.contains("is not made of a passphrase"), "{told}");
    assert!(desk.bad(&["verify", "--root-key", &words]).contains("expected one line"));
    // The environment is the usual way; what the command line says goes before it.
    desk.set("CARTULARY_ROOT_KEY", &desk.text("no.key"));
    desk.good(&["verify", "--root-key", &key]);
}

#[test]
fn the_service_manager_hands_the_key_over() {
    let mut desk = Desk::bare(false);
    desk.credential("the-key");
    desk.good(&["init", "--credential", "the-key"]);
    desk.good(&["verify", "--credential", "the-key"]);
    let told = desk.bad(&["verify", "--credential", "other"]);
    assert!(told.contains("other"), "{told}");
    assert!(desk.bad(&["verify", "--credential", "../the-key"]).contains("plain name"));
    desk.environment.clear();
    let told = desk.bad(&["verify", "--credential", "the-key"]);
    assert!(told.contains("LoadCredential"), "{told}");
}

#[test]
fn a_rotation_goes_from_each_kind_to_each() {
    for engine in crate::register::engines() {
        let mut desk = Desk::bare(engine);
        desk.credential("the-key");
        let (key, first, second) =
            (desk.text("root.key"), desk.words("first", FIRST), desk.words("second", SECOND));
        desk.good(&["init", "--root-key", &key]);
        let paper = desk.paper("a.txt", ENGLISH);
        let case = desk.good(&["receive", &paper, "--root-key", &key]).trim().to_owned();
        let ways: [(&[&str], &[&str]); 6] = [
            (&["--root-key", &key], &["--new-passphrase-file", &first]),
            (&["--passphrase-file", &first], &["--new-passphrase-file", &second]),
            (&["--passphrase-file", &second], &["--new-credential", "the-key"]),
            (&["--credential", "the-key"], &["--new-passphrase-file", &first]),
            (&["--passphrase-file", &first], &["--new", &desk.text("next.key")]),
            (&["--root-key", &desk.text("next.key")], &["--new-credential", "the-key"]),
        ];
        for (old, new) in ways {
            let rotate = [&["rotate-key"], old, new].concat();
            desk.good(&rotate);
            // Run again, there is nothing left to do.
            assert!(said(&desk.run(&rotate)).contains("in use already"), "{rotate:?}");
            let told = desk.bad(&[&["case", "show", &case], old].concat());
            assert!(told.contains("is not"), "{told}");
            let now = new[0].replace("--new-", "--").replace("--new", "--root-key");
            desk.good(&["case", "show", &case, &now, new[1]]);
        }
        assert!(!desk.path("data/passphrase.toml").exists());
        assert_eq!(desk.run(&["rotate-key", "--credential", "the-key"]).status.code(), Some(2));
    }
}

#[test]
fn a_backup_brings_what_a_passphrase_needs() {
    let desk = Desk::bare(false);
    let words = desk.words("words", FIRST);
    desk.good(&["init", "--passphrase-file", &words]);
    let paper = desk.paper("a.txt", ENGLISH);
    let case = desk.good(&["receive", &paper, "--passphrase-file", &words]).trim().to_owned();
    let recipient = desk.good(&["backup-key", &desk.text("safe.key")]).trim().to_owned();
    desk.good(&["backup", &desk.text("backup"), "--to", &recipient, "--passphrase-file", &words]);
    let fresh = desk.text("fresh");
    let restore = |words: &str| {
        desk.run(&[
            "restore",
            &desk.text("backup"),
            "--identity",
            &desk.text("safe.key"),
            "--data",
            &fresh,
            "--passphrase-file",
            words,
        ])
    };
    let refused = restore(&desk.words("wrong", SECOND));
    assert!(said(&refused).contains("is not that of this register"), "{}", said(&refused));
    assert_eq!(fs::read_dir(&fresh).unwrap().count(), 0, "something was left behind");
    let restored = restore(&words);
    assert!(restored.status.success(), "{}", said(&restored));
    desk.good(&["case", "show", &case, "--data", &fresh, "--passphrase-file", &words]);
}

/// Types what is asked for on a terminal of its own, and tells what the terminal showed.
const TYPIST: &str = "
import os, pty, sys, termios, time
answers, command = sys.argv[1].split('|'), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(command[0], command)
shown, answered = b'', 0
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    while answered < len(answers) and shown.count(b': ') > answered:
        # What is typed before the terminal stops showing it is thrown away.
        for _ in range(3000):
            if not termios.tcgetattr(terminal)[3] & termios.ECHO:
                break
            time.sleep(0.01)
        os.write(terminal, answers[answered].encode() + b'\\n')
        answered += 1
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
";

#[test]
fn a_passphrase_is_asked_for_on_a_terminal_and_not_shown() {
    if Command::new("python3").arg("-c").arg("import pty").status().is_err() {
        return;
    }
    let desk = Desk::bare(false);
    let types = |answers: &str, arguments: &[&str]| {
        let output = Command::new("python3")
            .args(["-c", TYPIST, answers, env!("CARGO_BIN_EXE_cartulary")])
            .args(arguments)
            .env("CARTULARY_DATA", desk.path("data"))
            .env_remove("CARTULARY_ROOT_KEY")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!shown.contains("horse") && !shown.contains("entirely"), "{shown}");
        (output.status.code(), shown)
    };
    let (code, shown) = types(&format!("{FIRST}|{SECOND}"), &["init", "--passphrase"]);
    assert!(code == Some(1) && shown.contains("not the same"), "{shown}");
    let (code, shown) = types(&format!("{FIRST}|{FIRST}"), &["init", "--passphrase"]);
    assert_eq!(code, Some(0), "{shown}");
    // Asked for without a word where the register has a passphrase.
    let (code, shown) = types(FIRST, &["verify"]);
    assert_eq!(code, Some(0), "{shown}");
    let (code, shown) = types(SECOND, &["verify"]);
    assert!(code == Some(1) && shown.contains("is not that of this register"), "{shown}");
}
