//! The few fields of an ONNX file that are needed: the weights in the order in which the network uses them, and
//! the texts stored beside them.
//!
//! The files are pinned by checksum and their architectures are written out in this crate, so nothing of the graph
//! is interpreted but its order; each weight is taken with the shape that the architecture expects.

use crate::LoadError;
use std::collections::HashMap;
use std::rc::Rc;

/// A weight: its shape and its numbers, in row-major order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tensor {
    pub(crate) shape: Vec<usize>,
    pub(crate) data: Vec<f32>,
}

/// A weight with the operation that uses it.
struct Use {
    operation: String,
    tensor: Rc<Tensor>,
}

/// The weights of a network, taken one after the other.
pub(crate) struct Weights {
    uses: std::vec::IntoIter<Use>,
    texts: HashMap<String, String>,
}

impl Weights {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, LoadError> {
        let mut graph = None;
        let mut texts = HashMap::new();
        for field in Fields::new(bytes) {
            match field? {
                (7, Value::Bytes(found)) => graph = Some(found),
                (14, Value::Bytes(pair)) => {
                    let (key, value) = text_pair(pair)?;
                    texts.insert(key, value);
                }
                _ => {}
            }
        }
        let graph = graph.ok_or_else(|| LoadError::new("the file holds no network"))?;
        Ok(Self { uses: uses(graph)?.into_iter(), texts })
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// The next weight, which the named operation must use in the given shape.
    pub(crate) fn take(&mut self, operation: &str, shape: &[usize]) -> Result<Vec<f32>, LoadError> {
        let next = self.uses.next();
        let found = next.ok_or_else(|| LoadError::new(format!("{operation} {shape:?} is missing")))?;
        if found.operation != operation || found.tensor.shape != shape {
            let Use { operation: other, tensor } = found;
            let what = format!("{operation} {shape:?} expected, {other} {:?} found", tensor.shape);
            return Err(LoadError::new(what));
        }
        Ok(Rc::unwrap_or_clone(found.tensor).data)
    }

    /// Weights of so many outputs, and their bias, that have taken over the batch normalisation which comes next.
    pub(crate) fn normed(
        &mut self,
        weight: Vec<f32>,
        outputs: usize,
    ) -> Result<(Vec<f32>, Vec<f32>), LoadError> {
        const EPSILON: f32 = 1e-5;
        let mut next = || self.take("BatchNormalization", &[outputs]);
        let (scale, shift, mean, variance) = (next()?, next()?, next()?, next()?);
        let factors = scale.iter().zip(variance).map(|(scale, variance)| scale / (variance + EPSILON).sqrt());
        let factors: Vec<f32> = factors.collect();
        let means = mean.iter().zip(&factors);
        let bias = shift.iter().zip(means).map(|(shift, (mean, factor))| shift - mean * factor).collect();
        let rows = weight.chunks_exact(weight.len() / outputs).zip(&factors);
        let weight = rows.flat_map(|(row, factor)| row.iter().map(move |value| value * factor)).collect();
        Ok((weight, bias))
    }

    /// Errs if a weight was left over: the architecture is not that of the file.
    pub(crate) fn finish(mut self) -> Result<(), LoadError> {
        match self.uses.next() {
            None => Ok(()),
            Some(left) => {
                let what = format!("{} {:?} is left over", left.operation, left.tensor.shape);
                Err(LoadError::new(what))
            }
        }
    }
}

/// The operations whose weights are taken; those of others are sizes.
const OPERATIONS: [&str; 6] = ["Conv", "ConvTranspose", "Add", "Mul", "MatMul", "BatchNormalization"];

/// Every use of a weight of one dimension or more, in the order of the graph's nodes.
fn uses(graph: &[u8]) -> Result<Vec<Use>, LoadError> {
    let mut tensors = HashMap::new();
    let mut nodes = Vec::new();
    for field in Fields::new(graph) {
        match field? {
            (1, Value::Bytes(node)) => nodes.push(Node::parse(node)?),
            (5, Value::Bytes(tensor)) => {
                let (name, tensor) = named_tensor(tensor)?;
                tensors.insert(name, Rc::new(tensor));
            }
            _ => {}
        }
    }
    let mut uses = Vec::new();
    for node in nodes {
        if node.operation == "Identity" {
            if let Some(same) = node.inputs.first().and_then(|input| tensors.get(input)).cloned() {
                tensors.extend(node.outputs.into_iter().map(|output| (output, same.clone())));
            }
            continue;
        }
        if !OPERATIONS.contains(&node.operation.as_str()) {
            continue;
        }
        let weights = node.inputs.iter().filter_map(|input| tensors.get(input));
        let weights = weights.filter(|tensor| !tensor.data.is_empty() && !tensor.shape.is_empty());
        uses.extend(weights.map(|tensor| Use { operation: node.operation.clone(), tensor: tensor.clone() }));
    }
    Ok(uses)
}

#[derive(Default)]
struct Node {
    operation: String,
    inputs: Vec<String>,
    outputs: Vec<String>,
}

impl Node {
    fn parse(bytes: &[u8]) -> Result<Self, LoadError> {
        let mut node = Self::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Bytes(name)) => node.inputs.push(text(name)?),
                (2, Value::Bytes(name)) => node.outputs.push(text(name)?),
                (4, Value::Bytes(name)) => node.operation = text(name)?,
                _ => {}
            }
        }
        Ok(node)
    }
}

/// The type number of 32-bit floating point; weights of other types are shapes and switches, which are not needed.
const FLOAT: u64 = 1;

fn named_tensor(bytes: &[u8]) -> Result<(String, Tensor), LoadError> {
    let (mut name, mut shape, mut raw, mut kind) = (String::new(), Vec::new(), &[][..], 0);
    let mut listed = Vec::new();
    for field in Fields::new(bytes) {
        match field? {
            (1, Value::Number(size)) => shape.push(size as usize),
            (1, Value::Bytes(packed)) => {
                let mut rest = packed;
                while !rest.is_empty() {
                    shape.push(number(&mut rest)? as usize);
                }
            }
            (2, Value::Number(found)) => kind = found,
            (4, Value::Bytes(packed)) => listed.extend(floats(packed)),
            (8, Value::Bytes(found)) => name = text(found)?,
            (9, Value::Bytes(found)) => raw = found,
            _ => {}
        }
    }
    if kind != FLOAT {
        return Ok((name, Tensor::default()));
    }
    let data = if raw.is_empty() { listed } else { floats(raw).collect() };
    let expected = shape.iter().try_fold(1usize, |all, size| all.checked_mul(*size));
    if expected != Some(data.len()) {
        return Err(LoadError::new(format!("{name} has {} numbers for {shape:?}", data.len())));
    }
    Ok((name, Tensor { shape, data }))
}

fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> {
    bytes.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

fn text_pair(bytes: &[u8]) -> Result<(String, String), LoadError> {
    let (mut key, mut value) = (String::new(), String::new());
    for field in Fields::new(bytes) {
        match field? {
            (1, Value::Bytes(found)) => key = text(found)?,
            (2, Value::Bytes(found)) => value = text(found)?,
            _ => {}
        }
    }
    Ok((key, value))
}

fn text(bytes: &[u8]) -> Result<String, LoadError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| LoadError::new("a name is not UTF-8"))
}

/// The value of a field of a protocol buffer.
enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a protocol buffer message.
struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    fn new(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn field(&mut self) -> Result<(u64, Value<'a>), LoadError> {
        let key = number(&mut self.rest)?;
        let value = match key & 7 {
            0 => Value::Number(number(&mut self.rest)?),
            1 => Value::Bytes(self.bytes(8)?),
            2 => {
                let length = number(&mut self.rest)?;
                Value::Bytes(self.bytes(length as usize)?)
            }
            5 => Value::Bytes(self.bytes(4)?),
            other => return Err(LoadError::new(format!("a field of unknown kind {other}"))),
        };
        Ok((key >> 3, value))
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8], LoadError> {
        let (bytes, rest) =
            self.rest.split_at_checked(length).ok_or_else(|| LoadError::new("the file ends early"))?;
        self.rest = rest;
        Ok(bytes)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), LoadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// A number of variable length, seven bits a byte.
fn number(rest: &mut &[u8]) -> Result<u64, LoadError> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, further) = rest.split_first().ok_or_else(|| LoadError::new("the file ends early"))?;
        *rest = further;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(LoadError::new("a number has more than 64 bits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_cut_anywhere_is_an_error_not_a_panic() {
        // A model with one initializer "w" of shape 2 and a node "Add" that uses it.
        let tensor = [&[0x08, 2, 0x10, 1, 0x42, 1, b'w', 0x4a, 8][..], &[0; 8]].concat();
        let node = [&[0x0a, 1, b'x', 0x0a, 1, b'w', 0x12, 1, b'y', 0x22, 3][..], b"Add"].concat();
        let part = |key: u8, body: &[u8]| [&[key, body.len() as u8][..], body].concat();
        let graph = [part(0x0a, &node), part(0x2a, &tensor)].concat();
        let model = part(0x3a, &graph);
        let mut weights = Weights::parse(&model).unwrap();
        assert_eq!(weights.take("Add", &[2]).unwrap(), [0.0, 0.0]);
        assert!(weights.finish().is_ok());
        for end in 0..model.len() {
            assert!(Weights::parse(&model[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn another_shape_than_expected_is_named() {
        let mut weights = Weights {
            uses: vec![Use {
                operation: "Conv".into(),
                tensor: Tensor { shape: vec![3], data: vec![0.0; 3] }.into(),
            }]
            .into_iter(),
            texts: HashMap::new(),
        };
        let error = weights.take("Conv", &[4]).unwrap_err().to_string();
        assert!(error.contains("[4] expected") && error.contains("[3] found"), "{error}");
    }
}
