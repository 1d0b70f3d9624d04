//! Messages with descriptors over a socket: whole or not at all.

use rustix::io::{Errno, retry_on_intr};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
};
use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};

/// Most descriptors that one message carries.
pub(crate) const MOST_DESCRIPTORS: usize = 4;
/// Greatest length of a message.
const MESSAGE_BYTES: usize = 4096;

/// Two ends of a socket that keeps messages apart. A process that this one starts does not inherit them.
pub(crate) fn pair() -> Result<(OwnedFd, OwnedFd), Errno> {
    socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
}

/// Sends a message with descriptors.
pub(crate) fn send(
    socket: BorrowedFd<'_>,
    message: &[u8],
    descriptors: &[BorrowedFd<'_>],
) -> Result<(), Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() && !control.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(Errno::TOOBIG);
    }
    let sent =
        retry_on_intr(|| sendmsg(socket, &[IoSlice::new(message)], &mut control, SendFlags::NOSIGNAL))?;
    if sent == message.len() { Ok(()) } else { Err(Errno::MSGSIZE) }
}

/// Receives a message with its descriptors; an empty message when the other end is closed.
pub(crate) fn receive(socket: BorrowedFd<'_>) -> Result<(Vec<u8>, Vec<OwnedFd>), Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut bytes = vec![0; MESSAGE_BYTES];
    let got = retry_on_intr(|| {
        recvmsg(socket, &mut [IoSliceMut::new(&mut bytes)], &mut control, RecvFlags::CMSG_CLOEXEC)
    })?;
    bytes.truncate(got.bytes);
    let descriptors = control
        .drain()
        .flat_map(|message| match message {
            RecvAncillaryMessage::ScmRights(rights) => rights.collect::<Vec<OwnedFd>>(),
            _ => Vec::new(),
        })
        .collect();
    Ok((bytes, descriptors))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsFd;

    #[test]
    fn a_message_brings_its_descriptors() {
        let (here, there) = pair().unwrap();
        let (passed, kept) = pair().unwrap();
        send(here.as_fd(), b"take this", &[passed.as_fd()]).unwrap();
        let (message, descriptors) = receive(there.as_fd()).unwrap();
        assert_eq!((message.as_slice(), descriptors.len()), (&b"take this"[..], 1));
        send(descriptors[0].as_fd(), b"through it", &[]).unwrap();
        assert_eq!(receive(kept.as_fd()).unwrap().0, b"through it");
        drop(here);
        assert!(receive(there.as_fd()).unwrap().0.is_empty());
    }
}
