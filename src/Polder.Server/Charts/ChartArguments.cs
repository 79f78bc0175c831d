using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Columns;
using Polder.Server.Queries;

namespace Polder.Server.Charts;

/// <summary>What a fence's braces ask for, checked against the columns that there are.</summary>
internal sealed class ChartArguments
{
    private static readonly string[] Kinds =
        ["table", "bar", "hbar", "line", "area", "scatter", "spark", "number"];

    private static readonly string[] Known =
        ["chart", "x", "y", "series", "stacked", "log", "format", "title", "height", "rows", "bars", "compare", "unit"];

    private readonly IReadOnlyDictionary<string, string> _arguments;
    private readonly DataType _schema;

    private ChartArguments(IReadOnlyDictionary<string, string> arguments, DataType schema)
    {
        _arguments = arguments;
        _schema = schema;
    }

    /// <summary>table, bar, hbar, line, area, scatter, spark or number.</summary>
    public string Kind { get; private init; } = "table";

    /// <summary>The column along the x axis; -1 where there is none.</summary>
    public int X { get; private set; } = -1;

    /// <summary>The columns of numbers.</summary>
    public IReadOnlyList<int> Y { get; private set; } = [];

    /// <summary>The column whose values tell series apart; -1 where there is none.</summary>
    public int Series { get; private set; } = -1;

    /// <summary>The column that a number is compared with; -1 where there is none.</summary>
    public int Compare { get; private set; } = -1;

    /// <summary>The columns of a table that have bars in their cells.</summary>
    public IReadOnlyList<int> Bars { get; private set; } = [];

    public bool Stacked => IsOn("stacked");

    public bool Log => IsOn("log");

    public string? Title => _arguments.GetValueOrDefault("title");

    public string? Unit => _arguments.GetValueOrDefault("unit");

    /// <summary>How numbers are shown; null = by their size.</summary>
    public string? Format => _arguments.GetValueOrDefault("format");

    /// <summary>Rows of the table, or of the table behind a chart.</summary>
    public int Rows { get; private set; }

    /// <summary>Height of the chart in units of its drawing, whose width is 640.</summary>
    public int Height { get; private set; }

    /// <summary>How a column's values are shown; null = by the value.</summary>
    public string? FormatOf(int column) =>
        _arguments.GetValueOrDefault("format." + _schema.Fields[column].Name) ??
        (_schema.Fields[column].Type.IsNumeric && Y.Contains(column) ? Format : null);

    /// <summary>The name of a column.</summary>
    public string NameOf(int column) => _schema.Fields[column].Name;

    /// <summary>Reads the arguments of a fence.</summary>
    /// <exception cref="FenceArgumentException">One is wrong, or names no column.</exception>
    public static ChartArguments Parse(SqlFence fence, DataType schema)
    {
        foreach ((string key, string value) in fence.Arguments)
        {
            if (!Known.Contains(key) && !key.StartsWith("format.", StringComparison.Ordinal))
            {
                throw new FenceArgumentException($"{key} is none of {string.Join(", ", Known)}, format.column");
            }

            if (key.StartsWith("format", StringComparison.Ordinal) && NumberFormat.ErrorOf(value) is string error)
            {
                throw new FenceArgumentException(error);
            }
        }

        string kind = fence.Arguments.GetValueOrDefault("chart", "table");
        if (!Kinds.Contains(kind))
        {
            throw new FenceArgumentException($"chart={kind}: there are {string.Join(", ", Kinds)}");
        }

        ChartArguments arguments = new(fence.Arguments, schema) { Kind = kind };
        arguments.Bind();
        return arguments;
    }

    private void Bind()
    {
        Rows = WholeNumber("rows", Kind == "table" ? 1000 : 100, 0, QueryRows.MostRows);
        Height = WholeNumber("height", Kind == "spark" ? 40 : 280, 20, 2000);
        Bars = Columns("bars");
        Series = Column("series");
        Compare = Column("compare");
        if (Kind == "table")
        {
            Y = [.. Enumerable.Range(0, _schema.Fields.Count).Where(IsNumber)];
            return;
        }

        X = Column("x");
        Y = Columns("y");
        if (X < 0 && Kind is not ("number" or "spark"))
        {
            X = Enumerable.Range(0, _schema.Fields.Count)
                .FirstOrDefault(column => column != Series && !Y.Contains(column), -1);
        }

        if (Y.Count == 0)
        {
            Y = [.. Enumerable.Range(0, _schema.Fields.Count)
                .Where(column => column != X && column != Series && column != Compare && IsNumber(column))];
        }

        if (Y.Count == 0)
        {
            throw new FenceArgumentException(
                $"chart={Kind} needs a column of numbers for y; there are {Describe()}");
        }

        if (Y.FirstOrDefault(column => !IsNumber(column), -1) is >= 0 and int text && Kind != "number")
        {
            throw new FenceArgumentException(
                $"y={NameOf(text)} is {_schema.Fields[text].Type}, not a number; there are {Describe()}");
        }

        Y = Kind is "number" or "spark" or "scatter" ? [Y[0]] : Y;
    }

    private bool IsNumber(int column) =>
        _schema.Fields[column].Type.IsNumeric || _schema.Fields[column].Type.Kind == TypeKind.WideDecimal;

    private bool IsOn(string key) => _arguments.TryGetValue(key, out string? value) && value is "" or "true" or "yes";

    private int WholeNumber(string key, int absent, int least, int most) =>
        !_arguments.TryGetValue(key, out string? text) ? absent
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) &&
            number >= least && number <= most ? number
        : throw new FenceArgumentException(FormattableString.Invariant(
            $"{key}={text}: write a number from {least} to {most}"));

    private int Column(string key) => _arguments.TryGetValue(key, out string? name) ? Find(key, name) : -1;

    private int[] Columns(string key) => _arguments.TryGetValue(key, out string? names)
        ? [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(name => Find(key, name))]
        : [];

    private int Find(string key, string name)
    {
        foreach (StringComparison comparison in (StringComparison[])
            [StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            for (int column = 0; column < _schema.Fields.Count; column++)
            {
                if (_schema.Fields[column].Name.Equals(name, comparison))
                {
                    return column;
                }
            }
        }

        throw new FenceArgumentException($"{key}={name}: there is no such column; there are {Describe()}");
    }

    private string Describe() => string.Join(", ", _schema.Fields.Select(field => $"{field.Name} {field.Type}"));
}

/// <summary>An argument in the braces of a fence that is wrong.</summary>
internal sealed class FenceArgumentException(string message) : Exception(message);
