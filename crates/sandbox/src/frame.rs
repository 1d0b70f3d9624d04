//! Frames on a pipe: a kind, a length, bytes. The reading end believes neither.

/// Greatest length of one frame: what is said of one page.
pub(crate) const FRAME_BYTES: usize = 8 * 1024 * 1024;
const HEADER: usize = 5;

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) body: Vec<u8>,
}

/// A frame in the form for the pipe.
pub(crate) fn encode(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(HEADER + body.len());
    bytes.push(kind);
    bytes.extend(length.to_le_bytes());
    bytes.extend(body);
    bytes
}

/// What came through a pipe and was not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    pending: Vec<u8>,
}

impl Stream {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The next whole frame, nothing while it is still coming; an error when it can be none of ours.
    ///
    /// A frame that is too long is refused by its header, so what waits here is never longer than one frame.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, NoFrame> {
        let Some((&[kind, a, b, c, d], rest)) = self.pending.split_first_chunk::<HEADER>() else {
            return Ok(None);
        };
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if !kind.is_ascii_uppercase() || length > FRAME_BYTES {
            return Err(NoFrame);
        }
        if rest.len() < length {
            return Ok(None);
        }
        let body = rest[..length].to_vec();
        self.pending.drain(..HEADER + length);
        Ok(Some(Frame { kind, body }))
    }

    /// What is left when nothing more will come: half a frame, or the last words of a process that died.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.pending
    }
}

/// The bytes are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoFrame;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_whole_however_the_pipe_cuts_them() {
        let mut bytes = encode(b'P', b"first");
        bytes.extend(encode(b'F', b""));
        for cut in 0..bytes.len() {
            let mut stream = Stream::default();
            let mut got = Vec::new();
            for part in [&bytes[..cut], &bytes[cut..]] {
                stream.push(part);
                while let Some(frame) = stream.next().unwrap() {
                    got.push((frame.kind, frame.body));
                }
            }
            assert_eq!(got, [(b'P', b"first".to_vec()), (b'F', Vec::new())]);
            assert!(stream.rest().is_empty());
        }
    }

    #[test]
    fn a_frame_that_says_it_is_too_long_is_refused_before_it_comes() {
        let mut stream = Stream::default();
        stream.push(&[b'P', 0xff, 0xff, 0xff, 0x7f]);
        assert_eq!(stream.next(), Err(NoFrame));
    }

    #[test]
    fn words_of_a_dying_process_are_no_frame() {
        let mut stream = Stream::default();
        stream.push(b"\nmemory allocation of 4294967296 bytes failed\n");
        assert_eq!(stream.next(), Err(NoFrame));
        assert!(stream.rest().starts_with(b"\nmemory"));
    }

    #[test]
    fn half_a_frame_is_left_over() {
        let mut stream = Stream::default();
        stream.push(&encode(b'P', b"a page")[..8]);
        assert_eq!(stream.next(), Ok(None));
        assert_eq!(stream.rest().len(), 8);
    }
}
