//! Texts, tables, RTF, HTML, and bytes that are nothing.

use super::{Hostile, archives, noise};

pub(crate) const FILES: &[Hostile] = &[
    Hostile::new("groups-a-million-deep.rtf", || format!("{{\\rtf1 {}", "{".repeat(1_000_000)).into_bytes()),
    Hostile::new("binary-of-two-gigabytes.rtf", || {
        b"{\\rtf1 words\\par{\\pict\\pngblip\\bin2147483647 x}}".to_vec()
    }),
    Hostile::new("million-cells.rtf", || {
        format!("{{\\rtf1\\trowd {}\\row}}", "\\cell ".repeat(1_000_000)).into_bytes()
    }),
    Hostile::new("object.rtf", || {
        b"{\\rtf1 words{\\object\\objemb{\\*\\objdata 0105000002000000}}\\par}".to_vec()
    }),
    Hostile::new("signature-only.rtf", || b"{\\rtf1".to_vec()),
    Hostile::new("ten-million-columns.csv", || {
        [b"a,b,c\n1,2,3\n4,5,6\n".to_vec(), b",1".repeat(10_000_000)].concat()
    }),
    Hostile::new("quote-without-end.csv", || {
        format!("a,b,c\n1,2,3\n4,5,\"{}", "x,\n".repeat(500_000)).into_bytes()
    }),
    Hostile::new("formula.csv", || b"Item,Value,Unit\n=cmd|'/c calc'!A1,1,x\nPLT,45,G/L\n".to_vec()),
    Hostile::new("million-lines.txt", || b"x\n".repeat(1_000_000)),
    Hostile::new("one-line-of-forty-megabytes.txt", || vec![b'x'; 40_000_000]),
    Hostile::new("zeros.txt", || b"PLT 45\0\0\0\0Hb 102\0\0\0\0".to_vec()),
    Hostile::new("right-to-left.txt", || "PLT \u{202e}54 \u{2066}x\u{2069}\n".into()),
    Hostile::new("controls.txt", || {
        "\u{1b}]0;title\u{7}\u{1b}[2JPLT 45, Hb 102, WBC 3.1, and so on\n".repeat(20).into()
    }),
    Hostile::new("script.html", script).silent_on("document.cookie"),
    Hostile::new("drawing.svg", drawing).silent_on("alert"),
    Hostile::new("elements-a-million-deep.html", || {
        format!("<html>{}words", "<div>".repeat(1_000_000)).into_bytes()
    }),
    Hostile::new("tables-in-tables.html", || {
        format!("<html>{}words", "<table><tr><td>".repeat(300_000)).into_bytes()
    }),
    Hostile::new("attributes.html", || format!("<html><p {}>words", "a b='c' ".repeat(500_000)).into_bytes()),
    Hostile::new("span-of-a-billion.html", || b"<table><tr><td colspan=1000000000>a<td>b</table>".to_vec()),
    Hostile::new("billion-laughs.xml", || {
        b"<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;\">]><l>&b;</l>"
            .to_vec()
    }),
    Hostile::new("nothing", Vec::new),
    Hostile::new("one-byte", || vec![0]),
    Hostile::new("one-letter", || b"x".to_vec()),
    Hostile::new("blank.txt", || b" \n\t\r\n ".to_vec()),
    Hostile::new("noise", || noise(1_000_000)),
    Hostile::new("noise.jpg", || [b"\xff\xd8\xff\xe0".to_vec(), noise(100_000)].concat()),
    Hostile::new("programme.pdf", || [b"MZ\x90\0\x03\0\0\0".to_vec(), noise(10_000)].concat()),
    Hostile::new("text.pdf", || b"PLT 45, no lymphoma".to_vec()),
    Hostile::new("eicar.com", || archives::EICAR.as_bytes().to_vec()),
    Hostile::new("dicom.jpg", || [vec![0; 128], b"DICM\x02\0\0\0".to_vec(), noise(1_000)].concat()),
];

fn script() -> Vec<u8> {
    "<html><body onload=\"x()\"><script>document.cookie</script><style>p::after{content:'document.cookie'}</style>\
     <iframe srcdoc=\"<p>document.cookie</p>\"></iframe><p style=\"display:none\">document.cookie</p>\
     <noscript>document.cookie</noscript><svg><text>document.cookie</text></svg><p>PLT 45</p></body></html>"
        .into()
}

fn drawing() -> Vec<u8> {
    "<html><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script>\
     <foreignObject><p>alert</p></foreignObject></svg><p>after</p>"
        .into()
}
