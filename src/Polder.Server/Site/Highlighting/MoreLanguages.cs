using System.Collections.Generic;
using ColorCode;
using ColorCode.Common;

namespace Polder.Server.Site.Highlighting;

/// <summary>Languages that the package of colours does not have, or has in another dialect.</summary>
internal static class MoreLanguages
{
    private const string DoubleQuoted = @"""(?:\\.|[^""\\\n])*""";
    private const string SingleQuoted = @"'(?:\\.|[^'\\\n])*'";
    private const string Digits = @"\b(?:0x[0-9a-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\b";

    private static LanguageRule Rule(string pattern, string scope) =>
        new(pattern, new Dictionary<int, string> { [0] = scope });

    private static LanguageRule Words(string words, string scope, string options = "") =>
        Rule($@"{options}\b(?:{words.Replace(' ', '|')})\b", scope);

    internal abstract class Described(string id, string name, params LanguageRule[] rules) : ILanguage
    {
        public string Id => id;

        public string Name => name;

        public string CssClassName => id;

        public string? FirstLinePattern => null;

        public IList<LanguageRule> Rules => rules;

        public bool HasAlias(string lang) => false;
    }

    internal sealed class Rust() : Described("rust", "Rust",
        Rule(@"(?://[^\n]*|/\*[\s\S]*?\*/)", ScopeName.Comment),
        Rule(@"r\#*""[\s\S]*?""\#*", ScopeName.String),
        Rule("b?" + DoubleQuoted, ScopeName.String),
        Rule(@"b?'(?:\\.[^']*|[^'\\\n])'", ScopeName.String),
        Rule(@"\#!?\[[^\]]*\]", ScopeName.Attribute),
        Words("as async await break const continue crate dyn else enum extern false fn for if impl in let loop match " +
            "mod move mut pub ref return self Self static struct super trait true type union unsafe use where while",
            ScopeName.Keyword),
        Words("bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize String Vec Option Result Box",
            ScopeName.Type),
        Rule(@"\b\d[\d_]*(?:\.\d+)?(?:[iuf](?:8|16|32|64|128|size))?\b", ScopeName.Number));

    internal sealed class Shell() : Described("shell", "Shell",
        Rule(@"(?m)(?:^|(?<=\s))\#[^\n]*", ScopeName.Comment),
        Rule(@"""(?:\\.|[^""\\])*""", ScopeName.String),
        Rule(@"'[^']*'", ScopeName.String),
        Rule(@"\$(?:\{[^}]*\}|\w+|[@\#?$!*-])", ScopeName.BuiltinValue),
        Words("if then else elif fi for while until do done case esac in function select return break continue local " +
            "export readonly declare unset set shift exit exec trap eval source", ScopeName.Keyword),
        Rule(@"(?<=\s)--?[A-Za-z][\w-]*", ScopeName.Attribute));

    internal sealed class Json() : Described("json", "JSON",
        Rule(@"//[^\n]*", ScopeName.Comment),
        Rule(DoubleQuoted + @"(?=\s*:)", ScopeName.JsonKey),
        Rule(DoubleQuoted, ScopeName.JsonString),
        Words("true false null", ScopeName.JsonConst),
        Rule(@"-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b", ScopeName.JsonNumber));

    internal sealed class Yaml() : Described("yaml", "YAML",
        Rule(@"(?m)(?:^|(?<=\s))\#[^\n]*", ScopeName.Comment),
        Rule(@"(?m)^\s*(?:-\s+)*[\w.-]+(?=\s*:)", ScopeName.JsonKey),
        Rule(DoubleQuoted, ScopeName.String),
        Rule(SingleQuoted, ScopeName.String),
        Words("true false null", ScopeName.JsonConst),
        Rule(Digits, ScopeName.Number));

    internal sealed class Sql() : Described("sql", "SQL",
        Rule(@"--[^\n]*", ScopeName.Comment),
        Rule(@"/\*[\s\S]*?\*/", ScopeName.Comment),
        Rule(@"'(?:''|\\.|[^'\\])*'", ScopeName.String),
        Rule(DoubleQuoted, ScopeName.String),
        Rule(@"`[^`]*`", ScopeName.Attribute),
        Rule(@":\w+|\$\{\w+\}", ScopeName.BuiltinValue),
        Words("select from where group by having order limit offset as on using join inner left right full outer " +
            "cross semi anti union all distinct except intersect with recursive case when then else end and or not " +
            "in exists between like is null true false over partition rows range preceding following unbounded " +
            "current row asc desc nulls first last values insert into update set delete merge " +
            "matched create table version timestamp of interval cast lateral view rollup cube grouping sets " +
            "window filter qualify",
            ScopeName.Keyword, "(?i)"),
        Words("bigint int integer smallint tinyint string double float decimal boolean date binary array map struct",
            ScopeName.Type, "(?i)"),
        Rule(Digits, ScopeName.Number));
}
