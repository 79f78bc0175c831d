using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using ColorCode;
using ColorCode.Common;
using ColorCode.Parsing;
using ColorCode.Styling;

namespace Polder.Server.Site.Highlighting;

/// <summary>
/// Code as HTML whose words carry classes: <c>k</c> keyword, <c>s</c> string, <c>c</c> comment, and so on.
/// </summary>
internal static class CodeHighlighter
{
    private const int LongestCode = 100_000;

    private static readonly Dictionary<string, ILanguage> ByAlias = CreateAliases();

    /// <summary>The HTML of a code in a language; only escaped where the language is not known.</summary>
    public static string Highlight(string code, string language)
    {
        if (code.Length > LongestCode || !ByAlias.TryGetValue(language.ToLowerInvariant(), out ILanguage? known))
        {
            return WebUtility.HtmlEncode(code);
        }

        Colorizer colorizer = new();
        return colorizer.Colorize(code, known);
    }

    private static Dictionary<string, ILanguage> CreateAliases()
    {
        Dictionary<string, ILanguage> languages = new(StringComparer.Ordinal);
        void Add(ILanguage language, params string[] aliases)
        {
            foreach (string alias in aliases)
            {
                languages[alias] = language;
            }
        }

        Add(Languages.CSharp, "cs", "csharp", "c#");
        Add(Languages.Cpp, "c", "cpp", "c++", "h");
        Add(Languages.Css, "css");
        Add(Languages.FSharp, "fs", "fsharp", "f#");
        Add(Languages.Haskell, "haskell", "hs");
        Add(Languages.Html, "html");
        Add(Languages.Java, "java");
        Add(Languages.JavaScript, "js", "javascript", "mjs");
        Add(Languages.Markdown, "md", "markdown");
        Add(Languages.PowerShell, "powershell", "ps1");
        Add(Languages.Python, "py", "python");
        Add(Languages.Typescript, "ts", "typescript");
        Add(Languages.Xml, "xml", "csproj", "svg");
        Add(new MoreLanguages.Sql(), "sql");
        Add(new MoreLanguages.Rust(), "rust", "rs");
        Add(new MoreLanguages.Shell(), "sh", "bash", "shell", "console", "zsh");
        Add(new MoreLanguages.Json(), "json", "ndjson", "jsonc");
        Add(new MoreLanguages.Yaml(), "yaml", "yml");
        return languages;
    }

    /// <summary>Writes what the parser finds; the package's own formatters write colours of their own.</summary>
    private sealed class Colorizer() : CodeColorizerBase(StyleDictionary.DefaultLight, null)
    {
        private readonly StringBuilder _html = new();

        public string Colorize(string code, ILanguage language)
        {
            languageParser.Parse(code, language, Write);
            return _html.ToString();
        }

        protected override void Write(string parsedSourceCode, IList<Scope> scopes) =>
            Write(parsedSourceCode, scopes, 0, parsedSourceCode.Length);

        private void Write(string code, IList<Scope> scopes, int start, int end)
        {
            foreach (Scope scope in scopes.OrderBy(scope => scope.Index))
            {
                if (scope.Index < start || scope.Index + scope.Length > end)
                {
                    continue;
                }

                _html.Append(WebUtility.HtmlEncode(code[start..scope.Index]));
                start = scope.Index + scope.Length;
                string? name = ClassOf(scope.Name);
                _html.Append(name is null ? "" : $"<span class=\"{name}\">");
                Write(code, scope.Children, scope.Index, start);
                _html.Append(name is null ? "" : "</span>");
            }

            _html.Append(WebUtility.HtmlEncode(code[start..end]));
        }

        private static string? ClassOf(string scope) => scope switch
        {
            ScopeName.Comment or ScopeName.HtmlComment or ScopeName.XmlComment or ScopeName.XmlDocComment => "c",
            ScopeName.String or ScopeName.StringCSharpVerbatim or ScopeName.JsonString or ScopeName.CssPropertyValue or
                ScopeName.HtmlAttributeValue or ScopeName.XmlAttributeValue => "s",
            ScopeName.Keyword or ScopeName.PseudoKeyword or ScopeName.PreprocessorKeyword or ScopeName.ControlKeyword or
                ScopeName.HtmlElementName or ScopeName.XmlName or ScopeName.CssSelector => "k",
            ScopeName.Number or ScopeName.JsonNumber or ScopeName.JsonConst or ScopeName.BuiltinValue => "n",
            ScopeName.JsonKey or ScopeName.Attribute or ScopeName.HtmlAttributeName or ScopeName.XmlAttribute or
                ScopeName.CssPropertyName => "a",
            ScopeName.ClassName or ScopeName.Type or ScopeName.BuiltinFunction => "t",
            _ => null,
        };
    }
}
