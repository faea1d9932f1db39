//! The order of versions.

/// Bytes that order as versions do in Elasticsearch: numbers by value, a pre-release before its
/// release, its parts as in semantic versioning; what is no version comes after all versions, by
/// its bytes.
#[must_use]
pub fn version_bytes(text: &str) -> Box<[u8]> {
    let (rest, build) = text.split_once('+').map_or((text, None), |(a, b)| (a, Some(b)));
    let (main, pre) = rest.split_once('-').map_or((rest, None), |(a, b)| (a, Some(b)));
    let is_number = |part: &str| {
        part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !(part.is_empty() || part.starts_with('0')))
    };
    let is_word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_version = main.split('.').all(is_number)
        && pre.is_none_or(|pre| pre.split('.').all(is_word))
        && build.is_none_or(|build| build.split('.').all(is_word));
    let mut bytes = Vec::with_capacity(text.len() + 8);
    if !is_version {
        bytes.push(2);
        bytes.extend_from_slice(text.as_bytes());
        return bytes.into();
    }
    bytes.push(1);
    let number = |bytes: &mut Vec<u8>, digits: &str| {
        // The more digits the greater; 1 lies between the marks of an end and of a word.
        bytes.extend([1, digits.len().min(255) as u8]);
        bytes.extend_from_slice(digits.as_bytes());
    };
    for part in main.split('.') {
        number(&mut bytes, part);
    }
    // After the numbers, so that `1.0-a` < `1.0` < `1.0.0`.
    bytes.extend([0, u8::from(pre.is_none())]);
    for part in pre.into_iter().flat_map(|pre| pre.split('.')) {
        if is_number(part) {
            number(&mut bytes, part);
        } else {
            bytes.push(2);
            bytes.extend_from_slice(part.as_bytes());
            bytes.push(0);
        }
    }
    bytes.push(0);
    bytes.extend_from_slice(build.unwrap_or_default().as_bytes());
    bytes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_order_by_their_numbers() {
        let ascending = [
            "0.9",
            "1.0-1",
            "1.0-1.2",
            "1.0-2",
            "1.0-10",
            "1.0-alpha",
            "1.0-beta",
            "1.0",
            "1.0+b1",
            "1.0.0",
            "1.2.0",
            "1.10.0",
            "2.0.0",
            "10.0.0",
            "01.0",
            "latest",
        ];
        for pair in ascending.windows(2) {
            assert!(version_bytes(pair[0]) < version_bytes(pair[1]), "{pair:?}");
        }
    }
}
