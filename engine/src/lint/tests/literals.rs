//! The lints of literals and of what a field can hold.

use super::stay_silent;
use super::text::{fires, silent};

#[test]
fn comparisons_with_null_and_anchors_are_mended() {
    fires(
        "L-09",
        &[
            ("process.pid < null", "<", "process.pid != null"),
            ("process.name : null", ":", "process.name == null"),
        ],
    );
    fires(
        "L-22",
        &[
            (r#"x regex "^a$""#, "^", r#"x regex "a""#),
            (r#"x regex "^a|b$""#, "^", ""),
            (r#"x regex "^a""#, "^", ""),
        ],
    );
}

#[test]
fn escapes_in_paths_and_percent_signs_are_told() {
    fires(
        "L-62",
        &[
            (
                r#"process.executable == "C:\temp\new\run.exe""#,
                r#""C:\temp\new\run.exe""#,
                r#"process.executable == "C:\\temp\\new\\run.exe""#,
            ),
            (r#"x : "*\\a\temp*""#, r#""*\\a\temp*""#, r#"x : "*\\a\\temp*""#),
            (r#"x in ("a", "D:\bin")"#, r#""D:\bin""#, r#"x in ("a", "D:\\bin")"#),
            (r#"file.path : "*\fonts*""#, r#""*\fonts*""#, r#"file.path : "*\\fonts*""#),
        ],
    );
    silent(
        "L-62",
        &[
            r#"x : "a\tb""#,
            r#"process.command_line : "*\n*""#,
            r#"file.path : """C:\temp""""#,
            r#"file.path regex "C:\\\\a\ta""#,
            r#"file.path : "C:\\temp""#,
        ],
    );
    fires(
        "L-63",
        &[
            (r#"x like "%cmd%""#, r#""%cmd%""#, r#"x like "*cmd*""#),
            (r#"x : "%a b%""#, r#""%a b%""#, r#"x : "*a b*""#),
            (r#"x like~ "cmd%""#, r#""cmd%""#, r#"x like~ "cmd*""#),
        ],
    );
    silent(
        "L-63",
        &[
            r#"x : "%TEMP%""#,
            r#"x like "%AppData%""#,
            r#"x like "%a%*""#,
            r#"x == "%a b%""#,
            r#"x : "50%""#,
            r#"x like "%""#,
        ],
    );
}

#[test]
fn values_are_such_as_the_field_can_have() {
    fires(
        "L-50",
        &[
            (r#"process.name : "*\\cmd.exe""#, r#""*\\cmd.exe""#, r#"process.name : "cmd.exe""#),
            (r#"file.name == "/etc/passwd""#, r#""/etc/passwd""#, r#"file.name == "passwd""#),
            (
                r#"process.name : "C:\\Windows\\*""#,
                r#""C:\\Windows\\*""#,
                r#"process.executable : "C:\\Windows\\*""#,
            ),
            (r#"file.name : ("a", "/etc/*")"#, r#""/etc/*""#, ""),
        ],
    );
    fires(
        "L-51",
        &[
            (r#"event.type == "Start""#, r#""Start""#, r#"event.type == "start""#),
            (r#"host.os.type in ("win", "linux")"#, r#""win""#, ""),
        ],
    );
    fires(
        "L-52",
        &[
            (r#"host.os.type == "linux" and file.path : "C:\\*""#, r#""C:\\*""#, ""),
            (
                r#"host.os.type == "windows" and process.executable == "/bin/sh""#,
                r#""/bin/sh""#,
                "",
            ),
        ],
    );
    fires(
        "L-53",
        &[(
            r#"host.os.type == "windows" and file.path : "Windows\\*""#,
            r#""Windows\\*""#,
            r#"host.os.type == "windows" and file.path : "*\\Windows\\*""#,
        )],
    );
    fires(
        "L-54",
        &[
            (
                r#"process.command_line : " -enc*""#,
                r#"" -enc*""#,
                r#"process.command_line : "* -enc*""#,
            ),
            (
                r#"process.command_line : "/etc/fstab""#,
                r#""/etc/fstab""#,
                r#"process.command_line : "*/etc/fstab*""#,
            ),
            (r#"process.command_line == "C:\\a.ps1""#, r#""C:\\a.ps1""#, ""),
        ],
    );
    fires("L-58", &[(r#"file.extension : ".exe""#, r#"".exe""#, r#"file.extension : "exe""#)]);
    fires(
        "L-60",
        &[(
            r#"registry.path : "Software\\*""#,
            r#""Software\\*""#,
            r#"registry.path : "*\\Software\\*""#,
        )],
    );
    silent(
        "L-50",
        &[
            r#"process.name : "kworker/0:1""#,
            r#"user.name : "A\\b""#,
            r#"process.name regex "a\\.b""#,
        ],
    );
    silent(
        "L-51",
        &[r#"event.type : "Start""#, r#"event.type : "st*""#, r#"event.action == "Start""#],
    );
    silent(
        "L-52",
        &[
            r#"host.os.type == "windows" and file.path : ("C:\\*", "\\Device\\*", "*/x")"#,
            r#"host.os.type in ("windows", "linux") and file.path : ("C:\\*", "/tmp/*")"#,
        ],
    );
    silent(
        "L-53",
        &[
            r#"host.os.type == "windows" and file.path : ("?:\\*", "*\\x", "%windir%\\x", "\\\\s\\x")"#,
            r#"host.os.type == "windows" and process.executable : "Registry""#,
        ],
    );
    silent(
        "L-54",
        &[
            r#"process.command_line : ("*/etc/fstab*", "runc init", "/sbin/init", "/etc/init.d/ssh")"#,
            r#"process.args : "/etc/fstab""#,
        ],
    );
    silent("L-58", &[r#"file.extension : ("exe", "*.exe")"#]);
    silent("L-60", &[r#"registry.path : ("HKLM\\*", "*\\Run\\*", "\\REGISTRY\\*", "machine\\*")"#]);
    // What the events have is a value.
    let events = r#"{"event":{"type":"Start"}}"#;
    stay_silent("L-51", &[r#"any where event.type == "Start""#], events);
}
