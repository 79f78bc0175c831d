using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Polder.Tests.Architecture;

/// <summary>The house style where a machine can check it. STYLE.md says why.</summary>
public sealed partial class TidyTests
{
    private const int LongestFileLines = 700;
    private const int LongestMethodLines = 70;
    private const int WidestLineColumns = 120;

    [Fact]
    public void No_file_is_longer_than_700_lines() => Rule.Holds(
        from file in Repository.CodeFiles()
        let lineCount = File.ReadLines(file).Count()
        where lineCount > LongestFileLines
        select $"{Repository.Relative(file)}: {lineCount} lines");

    [Fact]
    public void No_line_is_wider_than_120_columns() => Rule.Holds(
        from file in Repository.CodeFiles()
        from line in File.ReadLines(file).Select((text, index) => (text, number: index + 1))
        where line.text.Length > WidestLineColumns
        select $"{Repository.Relative(file)}:{line.number}: {line.text.Length} columns");

    [Fact]
    public void No_method_is_longer_than_70_lines() => Rule.Holds(
        Repository.CodeFiles().SelectMany(LongMethods));

    [Fact]
    public void No_type_is_named_after_what_it_might_be_for() => Rule.Holds(
        from file in Repository.CodeFiles()
        where Path.GetFileNameWithoutExtension(file) is string name && EmptySuffix().IsMatch(name)
        select Repository.Relative(file));

    [Fact]
    public void A_leftover_is_an_issue_not_a_comment() => Rule.Holds(
        from file in Repository.CodeFiles()
        where Path.GetFileName(file) != "TidyTests.cs"
        from line in File.ReadLines(file).Select((text, index) => (text, number: index + 1))
        where line.text.Contains("TODO", StringComparison.Ordinal) ||
            line.text.Contains("FIXME", StringComparison.Ordinal)
        select $"{Repository.Relative(file)}:{line.number}");

    [Fact]
    public void Every_namespace_follows_its_folder() => Rule.Holds(
        from file in Repository.CodeFiles()
        let relative = Repository.Relative(file)
        where relative.StartsWith("src/", StringComparison.Ordinal)

        // The compiler looks for this type in the base library's namespace, whatever the target framework lacks.
        where !relative.EndsWith("/IsExternalInit.cs", StringComparison.Ordinal)
        let declared = File.ReadLines(file)
            .FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
        where declared is not null
        let expected = NamespaceOf(relative)
        where declared != $"namespace {expected};"
        select $"{relative}: {declared}, not {expected}");

    [Fact]
    public void Every_relative_link_in_a_document_leads_somewhere() => Rule.Holds(
        from document in Repository.Documents()
        from Match link in Link().Matches(File.ReadAllText(document))
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
        let path = Path.Combine(Path.GetDirectoryName(document)!, Uri.UnescapeDataString(target))
        where !File.Exists(path) && !Directory.Exists(path)
        select $"{Repository.Relative(document)}: {target}");

    private static string NamespaceOf(string relative)
    {
        string[] parts = relative.Split('/')[1..^1];
        string root = parts[0] is "Polder.Columnar" ? "Polder" : parts[0];
        return string.Join('.', [root, .. parts[1..]]);
    }

    // A member stands at a fixed indentation, its braces alone on their lines: enough to measure it without a parser.
    private static IEnumerable<string> LongMethods(string file)
    {
        string[] lines = File.ReadAllLines(file);
        for (int index = 1; index < lines.Length; index++)
        {
            int indent = lines[index].Length - 1;
            if (indent is not (4 or 8) || lines[index] != new string(' ', indent) + "{" ||
                Declaration().IsMatch(Header(lines, index)) || !lines[index - 1].StartsWith(new string(' ', indent)))
            {
                continue;
            }

            if (indent == 8 && !NestedMember().IsMatch(Header(lines, index)))
            {
                continue;
            }

            int end = Array.IndexOf(lines, new string(' ', indent) + "}", index);
            if (end - index - 1 > LongestMethodLines)
            {
                yield return $"{Repository.Relative(file)}:{index}: {end - index - 1} lines";
            }
        }
    }

    private static string Header(string[] lines, int braceIndex)
    {
        int first = braceIndex - 1;
        int indent = lines[braceIndex].Length - 1;
        while (first > 0 && (lines[first].Length <= indent || lines[first][indent] is ' ' or ')'))
        {
            first--;
        }

        return string.Join(' ', lines[first..braceIndex]);
    }

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utilities|Common|Misc)$")]
    private static partial Regex EmptySuffix();

    [GeneratedRegex(@"\b(class|struct|interface|enum|record)\b")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^\s*(public|private|internal|protected)\b")]
    private static partial Regex NestedMember();

    [GeneratedRegex(@"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
