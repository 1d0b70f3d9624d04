//! Small PDF files made in code.

/// A PDF of these objects, the first of which is the catalogue.
pub(crate) fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n", index + 1).bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    bytes.extend(format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").bytes());
    bytes
}

/// A stream with these entries in its dictionary.
pub(crate) fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<<{entries}/Length {}>>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// One page of A4 with this content; `/F1` is Helvetica, `/Im1` a grey picture with stripes.
pub(crate) fn page(content: &str) -> Vec<u8> {
    page_with("/MediaBox[0 0 595 842]", content, &[])
}

/// One page with this box and content, and more objects, numbered from 7.
pub(crate) fn page_with(entries: &str, content: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let stripes: Vec<u8> = (0..64 * 64).map(|at| if at / 64 % 4 < 2 { 60 } else { 220 }).collect();
    let page = format!(
        "<</Type/Page/Parent 2 0 R{entries}/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>/XObject<</Im1 6 0 R/Fm1 7 0 R>>>>>>"
    );
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        page.into_bytes(),
        stream("", content.as_bytes()),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_vec(),
        stream(
            "/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 8",
            &stripes,
        ),
    ];
    objects.extend(more.iter().cloned());
    file(&objects)
}
