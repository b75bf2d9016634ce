//! Takes a model's thoughts out of its text, and knows the calls of tools in it. Some providers write them into the
//! content, each in its own spelling. What a model thinks must never reach a customer, so text that may still be a thought
//! counts as one.

/// A mark is at most this long, in characters. A longer one is text.
const MAX_MARK_CHARACTERS: usize = 60;
/// How marks begin and end.
const BRACKETS: [(&str, &str); 4] = [("<", ">"), ("&lt;", "&gt;"), ("[", "]"), ("◁", "▷")];
/// The channel of gpt-oss models for the reader; the others are thoughts.
const FINAL: &str = "<|channel|>final";

/// How the marks of calls begin, without what stands between their words.
const CALLS: [&str; 4] = ["toolcall", "toolcode", "functioncall", "pythontag"];

enum Mark {
    /// Thoughts begin.
    Opens(String),
    /// Thoughts end.
    Closes(String),
    /// A call of a tool begins. A call that is offered comes beside the text and not in it. The text beside a call announces it and is no answer.
    Calls,
    /// It stands around the answer, or is a model's own sign.
    Dropped,
}

/// Returns the text for the reader, which is empty when the model calls a tool. Returns `None` when the thoughts have no
/// end, because the answer has not begun then.
pub(super) fn spoken(text: &str) -> Option<String> {
    let text = last_channel(text)?;
    let text = without_fences(final_answer(text)?)?;
    let mut rest = text.as_str();
    let mut said = String::new();
    let mut thinks: Option<String> = None;
    while let Some(at) = rest.find(['<', '&', '[', '◁']) {
        if thinks.is_none() {
            said.push_str(&rest[..at]);
        }
        rest = &rest[at..];
        let Some((mark, length)) = mark(rest) else {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            if thinks.is_none() {
                said.push_str(&rest[..length]);
            }
            rest = &rest[length..];
            continue;
        };
        rest = &rest[length..];
        match (&thinks, mark) {
            (None, Mark::Calls) => return Some(String::new()),
            (None, Mark::Opens(name)) => thinks = Some(name),
            (Some(open), Mark::Closes(name)) if *open == name => thinks = None,
            // The beginning stood in the prompt, or thoughts stood within thoughts: all before was thought.
            (None, Mark::Closes(_)) => said.clear(),
            (_, Mark::Opens(_) | Mark::Closes(_) | Mark::Calls | Mark::Dropped) => {}
        }
    }
    if thinks.is_some() {
        return None;
    }
    said.push_str(rest);
    Some(said.trim().to_owned())
}

/// Returns what follows the last `Final Answer:` of a text that begins with `Thought:` (the form of ReAct prompts).
fn final_answer(text: &str) -> Option<&str> {
    if !text.trim_start().starts_with("Thought:") {
        return Some(text);
    }
    text.rsplit_once("Final Answer:").map(|(_, said)| said)
}

/// Takes out the blocks whose first line says that they hold thoughts: a code fence named `thinking`, and details whose
/// summary is `Thinking`. Returns `None` when a block has no end.
fn without_fences(text: &str) -> Option<String> {
    let mut said = text.to_owned();
    for (begin, end) in [("```", "```"), ("<details", "</details>")] {
        let mut from = 0;
        while let Some(at) = said[from..].find(begin).map(|at| from + at) {
            let inner = at + begin.len();
            let line = said[inner..].trim_start_matches([' ', '>', '\n', '\r']);
            let line = line.lines().next().unwrap_or_default().to_lowercase();
            let line = line.trim_start_matches("<summary>");
            let named = ["think", "thought", "reason"];
            if !named.iter().any(|name| line.starts_with(name)) {
                from = inner;
                continue;
            }
            let length = said[inner..].find(end)?;
            said.replace_range(at..inner + length + end.len(), "");
            from = at;
        }
    }
    Some(said)
}

/// Returns what a gpt-oss model wrote for the reader, or the whole text of another model.
fn last_channel(text: &str) -> Option<&str> {
    if let Some(at) = text.rfind(FINAL) {
        let after = &text[at + FINAL.len()..];
        return Some(
            after
                .split_once("<|message|>")
                .map_or(after, |(_, said)| said),
        );
    }
    if text.contains("<|channel|>") {
        return None;
    }
    // Some providers take the signs out and leave the words between them.
    match text.strip_prefix("analysis") {
        Some(rest) if rest.contains("assistantfinal") => {
            rest.rsplit_once("assistantfinal").map(|(_, said)| said)
        }
        _ => Some(text),
    }
}

/// Reads the mark at the beginning of the text, and its length.
fn mark(text: &str) -> Option<(Mark, usize)> {
    let (left, right) = BRACKETS
        .into_iter()
        .find(|(left, _)| text.starts_with(left))?;
    let inner = &text[left.len()..];
    let end = inner.find(right)?;
    let (inner, length) = (&inner[..end], left.len() + end + right.len());
    if inner.chars().count() > MAX_MARK_CHARACTERS || inner.contains('\n') {
        return None;
    }
    // Lower-case words in square brackets are text.
    if left == "[" && inner.chars().any(char::is_lowercase) {
        return None;
    }
    let bar = ['|', '｜'];
    let (before, after) = (inner.starts_with(bar), inner.ends_with(bar));
    let word = inner.trim_matches(bar).trim();
    let (word, closes) = match word.strip_prefix('/') {
        Some(word) => (word.trim_start(), true),
        None => (word, false),
    };
    let word = word.split([' ', '=', '\t']).next().unwrap_or_default();
    let empty = word.ends_with('/');
    // `seed:think` and others name the maker.
    let word = word.trim_end_matches('/').rsplit(':').next()?;
    let name: String = word
        .chars()
        .filter(|c| !['_', '-', '▁'].contains(c))
        .flat_map(char::to_lowercase)
        .collect();
    let mark = match (name.as_str(), before, after) {
        ("channel", true, false) => Mark::Opens(name),
        ("channel", false, true) => Mark::Closes(name),
        ("unused94", ..) => Mark::Opens("unused".to_owned()),
        ("unused95", ..) => Mark::Closes("unused".to_owned()),
        (
            "answer" | "response" | "final" | "finalanswer" | "output" | "reply" | "solution" | "s",
            ..,
        ) => Mark::Dropped,
        _ => match thought(&name) {
            Some(_) if empty => Mark::Dropped,
            Some((thought, false)) if !closes => Mark::Opens(thought.to_owned()),
            Some((thought, _)) => Mark::Closes(thought.to_owned()),
            None if CALLS.iter().any(|call| name.starts_with(call)) => Mark::Calls,
            None if name == "function" && inner.contains('=') => Mark::Calls,
            None if before && after => Mark::Dropped,
            None => return None,
        },
    };
    Some((mark, length))
}

/// Returns what kind of thought a mark is about, and whether its name alone says that the thought ends.
fn thought(name: &str) -> Option<(&'static str, bool)> {
    Some(match name {
        "think" | "thinking" | "thought" | "thoughts" | "thoughtprocess" | "antthinking" => {
            ("think", false)
        }
        "beginofthought" | "startthinking" | "startofthought" | "beginthinking" => ("think", false),
        "endofthought" | "endthinking" => ("think", true),
        "reasoning" | "reason" => ("reasoning", false),
        "reflection" | "reflect" => ("reflection", false),
        "analysis" => ("analysis", false),
        "scratchpad" => ("scratchpad", false),
        "planning" | "plan" => ("plan", false),
        "chainofthought" | "cot" => ("cot", false),
        "innermonologue" | "internalmonologue" | "monologue" => ("monologue", false),
        "internalthoughts" | "internal" => ("internal", false),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_of_a_thought_is_said() {
        for text in [
            "<think>\nThey look cross.\n</think>\n\nWe close at five.",
            "<THINKING>They look cross.</THINKING>We close at five.",
            "< think >They look cross.</ think > We close at five.",
            "<think time=\"3\">They look cross.</think>We close at five.",
            "<thinking>They look cross.</think>We close at five.",
            "They look cross.\n</think>\nWe close at five.",
            "<think>They <think>look</think> cross.</think>We close at five.",
            "<think>I use <think> marks. They look cross.</think>We close at five.",
            "<think>They <analysis>look</analysis> cross.</think>We close at five.",
            "<seed:think>They look cross.</seed:think>We close at five.",
            "[THINK]They look cross.[/THINK]We close at five.",
            "◁think▷They look cross.◁/think▷We close at five.",
            "&lt;think&gt;They look cross.&lt;/think&gt;We close at five.",
            "<|START_THINKING|>They look cross.<|END_THINKING|>We close at five.",
            "<|begin_of_thought|>They look cross.<|end_of_thought|><|begin_of_solution|>We close at five.<|end_of_solution|>",
            "<reasoning>They look cross.</reasoning><answer>We close at five.</answer>",
            "<scratchpad>They look cross.</scratchpad>We close at five.<|im_end|>",
            "<unused94>thought\nThey look cross.<unused95>We close at five.",
            "<|channel>thought\nThey look cross.<channel|>We close at five.",
            "```thinking\nThey look cross.\n```\nWe close at five.",
            "```reasoning\nThey look cross.\n```\n\nWe close at five.",
            "<details><summary>Thinking</summary>They look cross.</details>We close at five.",
            "<details>\n<summary>Thought for 3 seconds</summary>\nThey look cross.\n</details>\nWe close at five.",
            "Thought: They look cross.\nFinal Answer: We close at five.",
            "<|channel|>analysis<|message|>They look cross.<|end|><|start|>assistant<|channel|>final<|message|>We close at five.<|return|>",
            "analysisThey look cross.assistantfinalWe close at five.",
            "We close at five.<think>They look cross.</think>",
            "We close at five.</s>",
            "We close <think/>at five.",
        ] {
            assert_eq!(spoken(text).as_deref(), Some("We close at five."), "{text}");
        }
    }

    #[test]
    fn thoughts_without_an_end_are_no_answer() {
        for text in [
            "<think>\nLet me see. They want",
            "We close at five. <think>Or do we",
            "<think>They <analysis>look</analysis> cross, so",
            "<|channel|>analysis<|message|>They look",
            "[THINK]They look",
        ] {
            assert_eq!(spoken(text), None, "{text}");
        }
        for open in [
            "```thinking\nThey look",
            "<details><summary>Thinking",
            "Thought: They look",
        ] {
            assert_eq!(spoken(open), None, "{open}");
        }
        for call in [
            "Let me check. <tool_call>{\"name\": \"price\"}</tool_call>",
            "Let me check. <|tool_call|>{\"name\": \"price\"}",
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.price:0",
            "<function=price>{}</function>",
            "<function_calls>\n<invoke name=\"price\"></invoke></function_calls>",
            "<tool_code>price()</tool_code>",
            "<|python_tag|>price(\"tea\")",
            "[TOOL_CALLS] [{\"name\": \"price\"}]",
        ] {
            assert_eq!(spoken(call).as_deref(), Some(""), "{call}");
        }
        let thought = "<think>I could <tool_call> here.</think>We close at five.";
        assert_eq!(spoken(thought).as_deref(), Some("We close at five."));
        // Code that is no thought stays.
        let code = "```\nWiFi: zuri\n```";
        assert_eq!(spoken(code).as_deref(), Some(code));
        assert_eq!(spoken("<think>All of it.</think>").as_deref(), Some(""));
        assert_eq!(spoken("All of it.</think>").as_deref(), Some(""));
    }

    #[test]
    fn other_signs_are_text() {
        for text in [
            "5 < 6 & 7 > 3",
            "[thinking](https://shop.test) of it: AT&T <b>bold</b> [1] <",
            "I think so. <3 [NEW] ◁",
            "<https://shop.test/think>",
        ] {
            assert_eq!(spoken(text).as_deref(), Some(text.trim()), "{text}");
        }
    }
}
