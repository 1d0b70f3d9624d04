//! Chinese turns of phrase by which one clause plans or denies and another tells what was given.
//!
//! ## Reads
//! `建议R-GDP,暂不考虑CAR-T`, `择期行自体移植`, `备自体移植`, `考虑升白治疗后改变`, `用R-GDP还是直接CAR-T`.

use crate::{
    grammar::therapy::{
        count::Territory,
        name::Name,
        words::{last_end, says, skip_spaces},
    },
    sheet::Sheet,
    stream::Span,
    words::words,
};

/// `建议R-GDP方案,暂不考虑CAR-T`: a Chinese denial in a clause of its own is said of the object behind it.
pub(super) fn has_own_object(sheet: &Sheet<'_>, gap: Span, end: usize) -> bool {
    let stream = &sheet.stream;
    let considers = stream.reads_back_any(end, words!["考虑"]);
    let parted = (gap.start..gap.end).any(|at| matches!(stream.at(at), ',' | ';'));
    let object =
        stream.at(end).is_alphanumeric() || stream.at(end) == ' ' && stream.at(end + 1).is_alphanumeric();
    let verb = stream.reads_any(end, words!["行", "用", "做", "予", "进行", "使用", "应用", "实施"]);
    considers && parted && object && !verb
}

/// `考虑升白治疗后反应性改变`: what is considered came after the course, and the course was given.
pub(super) fn explains(sheet: &Sheet<'_>, name: &Name) -> bool {
    const BACK: usize = 12;
    const REACH: usize = 14;
    let stream = &sheet.stream;
    let before = sheet.before(name.span.start, BACK);
    let weighed = last_end(
        stream,
        before,
        words![
            "考虑",
            "可能为",
            "可能系",
            "不除外",
            "不排除",
            "倾向",
            "符合",
            "疑",
            "疑似",
            "疑为",
            "怀疑",
            "可疑",
            "怀疑为",
            "考虑为",
            "疑诊"
        ],
    );
    let Some(cue) =
        weighed.filter(|end| !says(stream, Span::new(*end, name.span.start), words![",", ";", "。"]))
    else {
        return false;
    };
    let denied = stream.reads_back_any(cue, words!["不考虑", "暂不考虑", "拟考虑", "可考虑"]);
    let mut at = name.span.end;
    while let Some(word) =
        stream.first_word_at(at, words!["治疗", "化疗", "方案", "注射", "刺激", "应用", "使用"])
    {
        at = word.end();
    }
    let caused = stream.reads_any(at, words!["所致", "引起", "相关", "导致"]);
    let after = Span::new(at, sheet.after(at, REACH).end);
    let clause =
        (after.start..after.end).find(|of| matches!(stream.at(*of), ',' | ';' | '。')).unwrap_or(after.end);
    let behind = Span::new(at, clause);
    let changed = stream.reads_any(at, words!["后"])
        && says(
            stream,
            behind,
            words![
                "改变",
                "反应",
                "变化",
                "表现",
                "增生",
                "抑制",
                "恢复",
                "减少",
                "感染",
                "损伤",
                "毒性",
                "效应",
                "炎",
                "进展",
                "复发",
                "噬血",
                "肺炎",
                "出血",
                "血栓",
                "综合征",
                "crs",
                "icans",
                "hlh",
                "神经",
                "衰竭",
                "损害",
                "不全",
                "cytopenia",
                "血细胞",
                "癌",
                "瘤",
                "积液",
                "发热"
            ],
        )
        && !says(
            stream,
            behind,
            words!["再行", "后行", "予", "后再", "后评估", "后复发时", "移植", "维持", "巩固"],
        );
    !denied && (caused || changed)
}

/// `备自体移植`: made ready for.
pub(super) fn is_prepared(sheet: &Sheet<'_>, name: &Name) -> bool {
    let stream = &sheet.stream;
    let other = words!["设备", "必备", "装备", "储备", "预备", "具备", "完备", "制备"];
    stream.reads_back_any(name.span.start, words!["备", "备行", "以备", "备用", "备做"])
        && !stream.reads_back_any(name.span.start, other)
}

/// `二线用R-GDP还是直接CAR-T`: two courses to choose from.
pub(super) fn is_alternative(sheet: &Sheet<'_>, name: &Name) -> bool {
    const NEAR: usize = 8;
    let stream = &sheet.stream;
    let course = |span: Span| {
        sheet.candidates_in(span).iter().any(|of| of.hit.concept.is("reg") || of.hit.concept.is("drug"))
    };
    let or = words!["还是"];
    let behind = stream.first_word_at(name.span.end, or).map(|of| of.end());
    let lead = sheet.before(name.span.start, NEAR);
    let before = stream.words_in(lead, or).next_back().map(|of| of.start());
    behind.is_some_and(|end| {
        says(stream, sheet.after(end, 4), words!["直接", "先上", "上cart", "cart"])
            || course(sheet.after(end, NEAR))
    }) || before.is_some_and(|at| course(Span::new(at.saturating_sub(NEAR), at)))
}

/// Whether something is named behind a Chinese word of plan and its verb: `择期行自体移植`, not `择期进行。`.
pub(super) fn has_object_behind(sheet: &Sheet<'_>, end: usize) -> bool {
    let stream = &sheet.stream;
    let verb = words!["进行", "行", "做", "予", "给予", "开始", "实施", "执行", "启动"];
    let at = stream.first_word_at(end, verb).map_or(end, |of| of.end());
    stream.at(skip_spaces(stream, at)).is_alphanumeric()
}

/// `R-CHOP×3 PR,第4程起加用泽布替尼`: a drug added to the course that goes on, with no failure told between.
pub(in crate::grammar::therapy) fn is_added(sheet: &Sheet<'_>, name: &Name, own: Territory) -> bool {
    const LEAD: usize = 10;
    let stream = &sheet.stream;
    let added = stream.reads_back_any(
        name.span.start,
        words!["起加用", "程加用", "周期加用", "开始加用", "基础上加用", "基础上联合"],
    );
    let between = Span::new(own.start.min(name.span.start), name.span.start);
    let failed = says(
        stream,
        between,
        words!["pd", "sd", "进展", "复发", "无效", "未缓解", "未达", "不佳", "欠佳", "稳定", "耐药"],
    );
    added && !failed && name.concept.is("drug") && between.end - between.start >= LEAD / 2
}
