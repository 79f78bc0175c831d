using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using Polder.Delta.Actions;

namespace Polder.Delta.Scan;

/// <summary>
/// PROTOCOL "Per-file Statistics": takes the bounds and null counts of some columns out of the JSON of one file after
/// the other; the rest of it is stepped over.
/// </summary>
internal sealed class StatisticsParser
{
    private readonly Node _root = new([]);
    private readonly List<(StatisticsColumn Column, long NullCount)> _counts = [];

    /// <param name="columns">Physical names from the root, and where to put what is found.</param>
    public StatisticsParser(IEnumerable<(IReadOnlyList<string> Names, StatisticsColumn Column)> columns)
    {
        foreach ((IReadOnlyList<string> names, StatisticsColumn column) in columns)
        {
            Node node = _root;
            foreach (string name in names)
            {
                node = node.GetOrAdd(name);
            }

            node.Column = column;
        }
    }

    /// <summary>Takes what the statistics of a file say; what nobody can read says nothing.</summary>
    /// <param name="file">The file.</param>
    /// <param name="stats">Its JSON; empty = none.</param>
    /// <param name="rowCount">Its rows, -1 where unknown.</param>
    public void Parse(int file, ReadOnlySpan<byte> stats, long rowCount)
    {
        if (stats.IsEmpty)
        {
            return;
        }

        try
        {
            Parse(file, new Utf8JsonReader(stats, isFinalBlock: true, default), rowCount);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
        }
    }

    private void Parse(int file, Utf8JsonReader json, long rowCount)
    {
        bool isTight = true;
        _counts.Clear();
        json.ReadExpected(JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            Section? section = json.ValueTextEquals("minValues"u8) ? Section.Minimum
                : json.ValueTextEquals("maxValues"u8) ? Section.Maximum
                : json.ValueTextEquals("nullCount"u8) ? Section.NullCount
                : null;
            bool isTightness = section is null && json.ValueTextEquals("tightBounds"u8);
            json.Read();
            if (isTightness)
            {
                isTight = json.TokenType != JsonTokenType.False;
            }

            if (section is Section found && json.TokenType == JsonTokenType.StartObject)
            {
                Walk(ref json, _root, found, file);
            }
            else
            {
                json.Skip();
            }
        }

        foreach ((StatisticsColumn column, long count) in _counts)
        {
            // PROTOCOL: with wide bounds a count says something only if it is none or all.
            if (isTight || count == 0 || count == rowCount)
            {
                column.SetNullCount(file, count);
            }
        }
    }

    private void Walk(ref Utf8JsonReader json, Node parent, Section section, int file)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            Node? node = parent.Find(ref json);
            json.Read();
            if (node is null)
            {
                json.Skip();
            }
            else if (json.TokenType == JsonTokenType.StartObject && node.HasChildren)
            {
                Walk(ref json, node, section, file);
            }
            else if (node.Column is StatisticsColumn column && section == Section.NullCount)
            {
                if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long count) && count >= 0)
                {
                    _counts.Add((column, count));
                }
                else
                {
                    json.Skip();
                }
            }
            else if (node.Column is not null && json.TokenType is JsonTokenType.String or JsonTokenType.Number)
            {
                node.Column!.SetBound(file, ref json, section == Section.Maximum);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private enum Section
    {
        Minimum,
        Maximum,
        NullCount,
    }

    private sealed class Node(byte[] name)
    {
        private readonly List<Node> _children = [];

        public StatisticsColumn? Column { get; set; }

        public bool HasChildren => _children.Count > 0;

        public Node GetOrAdd(string child)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(child);
            Node? found = _children.Find(node => node.Is(utf8));
            if (found is null)
            {
                found = new Node(utf8);
                _children.Add(found);
            }

            return found;
        }

        public Node? Find(ref Utf8JsonReader json)
        {
            foreach (Node child in _children)
            {
                if (json.ValueTextEquals(child.Name))
                {
                    return child;
                }
            }

            return null;
        }

        private byte[] Name => name;

        private bool Is(ReadOnlySpan<byte> utf8) => utf8.SequenceEqual(name);
    }
}
