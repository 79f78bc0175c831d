using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Polder.Server.Site;

/// <summary>A YAML mapping with the places of its values, so that what is wrong is shown where it stands.</summary>
internal sealed class YamlText
{
    private readonly string _file;
    private readonly int _lineOffset;
    private readonly Dictionary<string, (YamlNode Node, Mark Key)> _values = new(StringComparer.Ordinal);

    private YamlText(string file, int lineOffset)
    {
        _file = file;
        _lineOffset = lineOffset;
    }

    /// <summary>The names that are given, in their order.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Parses a text that begins <paramref name="lineOffset"/> lines below the top of its file.</summary>
    /// <exception cref="SiteProblemException">It is no YAML, or no mapping.</exception>
    public static YamlText Parse(string file, string text, int lineOffset)
    {
        YamlText parsed = new(file, lineOffset);
        YamlStream stream = [];
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            throw parsed.Problem(error.Start, error.InnerException?.Message ?? error.Message);
        }

        if (stream.Documents.Count == 0)
        {
            return parsed;
        }

        if (stream.Documents[0].RootNode is not YamlMappingNode mapping)
        {
            throw parsed.Problem(
                stream.Documents[0].RootNode.Start, "names and values are expected, as in 'title: Tides'");
        }

        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            parsed._values[key is YamlScalarNode { Value: string name } ? name : key.ToString()] = (value, key.Start);
        }

        return parsed;
    }

    public string? Text(string name) => Scalar(name, "a text");

    public bool Flag(string name) => Scalar(name, "true or false") switch
    {
        null => false,
        "true" => true,
        "false" => false,
        string other => throw Problem(name, $"'{other}' is neither true nor false"),
    };

    public DateTimeOffset? Date(string name)
    {
        string? text = Scalar(name, "a date");
        return text is null ? null
            : DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
                ? date : throw Problem(name, $"'{text}' is not a date; write it as 2026-03-01");
    }

    /// <summary>A list of texts; one text counts as a list of one.</summary>
    public IReadOnlyList<string> Texts(string name) => !_values.TryGetValue(name, out var entry) ? []
        : entry.Node switch
        {
            YamlScalarNode { Value: null or "" } => [],
            YamlScalarNode scalar => [scalar.Value],
            YamlSequenceNode sequence when sequence.All(item => item is YamlScalarNode) =>
                [.. sequence.Cast<YamlScalarNode>().Select(item => item.Value ?? "")],
            _ => throw Problem(name, "a list of texts is expected, as in [one, two]"),
        };

    /// <summary>The value as plain texts, numbers, flags, lists and dictionaries; null where there is none.</summary>
    public object? Value(string name) => _values.TryGetValue(name, out var entry) ? Plain(entry.Node) : null;

    /// <summary>The value as it was parsed; null where there is none.</summary>
    public YamlNode? Node(string name) => _values.TryGetValue(name, out var entry) ? entry.Node : null;

    public SiteProblemException Problem(string name, string message) =>
        Problem(_values.TryGetValue(name, out var entry) ? entry.Node.Start : Mark.Empty, $"{name}: {message}");

    private SiteProblemException Problem(Mark mark, string message) =>
        new(new SiteProblem(_file, (int)mark.Line + _lineOffset, (int)mark.Column, message));

    private string? Scalar(string name, string what) => !_values.TryGetValue(name, out var entry) ? null
        : entry.Node is YamlScalarNode scalar ? string.IsNullOrEmpty(scalar.Value) ? null : scalar.Value
        : throw Problem(name, $"{what} is expected");

    private static object? Plain(YamlNode node) => node switch
    {
        YamlSequenceNode sequence => sequence.Select(Plain).ToList(),
        YamlMappingNode mapping => mapping.Children.ToDictionary(
            child => child.Key.ToString(), child => Plain(child.Value), StringComparer.Ordinal),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => PlainScalar(scalar.Value ?? ""),
        YamlScalarNode scalar => scalar.Value,
        _ => null,
    };

    private static object? PlainScalar(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(
            text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => text,
    };
}
