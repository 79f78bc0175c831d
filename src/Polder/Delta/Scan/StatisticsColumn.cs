using System;
using System.Text;
using System.Text.Json;
using Polder.Columns;
using Polder.Delta.Snapshots;
using Polder.Expressions;

namespace Polder.Delta.Scan;

/// <summary>
/// What the statistics of every file of a snapshot say of one column, typed and flat: bounds as numbers or as bytes,
/// null counts. Filled in row by row by a <see cref="StatisticsParser"/>, then never changed.
/// </summary>
internal sealed class StatisticsColumn
{
    private const byte HasMinimum = 1;
    private const byte HasMaximum = 2;

    private readonly DataType _type;
    private readonly byte[] _known;
    private readonly long[] _nullCounts;
    private readonly long[] _minimumNumbers = [];
    private readonly long[] _maximumNumbers = [];
    private readonly object?[] _minimumValues = [];
    private readonly object?[] _maximumValues = [];
    private readonly BytesColumn? _minimumTexts;
    private readonly BytesColumn? _maximumTexts;

    public StatisticsColumn(DataType type, int fileCount)
    {
        _type = type;
        _known = new byte[fileCount];
        _nullCounts = new long[fileCount];
        Array.Fill(_nullCounts, -1);
        if (IsText)
        {
            (_minimumTexts, _maximumTexts) = (new BytesColumn(), new BytesColumn());
        }
        else if (IsNumber)
        {
            (_minimumNumbers, _maximumNumbers) = (new long[fileCount], new long[fileCount]);
        }
        else
        {
            (_minimumValues, _maximumValues) = (new object?[fileCount], new object?[fileCount]);
        }
    }

    /// <summary>Whether bounds are kept as 64-bit integers, in the order of the values.</summary>
    public bool IsNumber => _type.Kind is TypeKind.Byte or TypeKind.Short or TypeKind.Integer or TypeKind.Long or
        TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz;

    /// <summary>Whether bounds are kept as UTF-8, whose order is that of the values.</summary>
    public bool IsText => _type.Kind == TypeKind.String;

    /// <summary>The bounds of a file; false where nothing is known.</summary>
    public bool TryGetBounds(int file, out ColumnBounds bounds)
    {
        byte known = _known[file];
        bounds = new ColumnBounds(
            (known & HasMinimum) == 0 ? null : Get(file, _minimumNumbers, _minimumValues, _minimumTexts),
            (known & HasMaximum) == 0 ? null : Get(file, _maximumNumbers, _maximumValues, _maximumTexts),
            _nullCounts[file]);
        return known != 0 || _nullCounts[file] >= 0;
    }

    /// <summary>Whether a file of so many rows has no value.</summary>
    public bool IsAllNull(int file, long rowCount) => rowCount >= 0 && _nullCounts[file] == rowCount;

    /// <summary>Marks the files in which no value can stand in a relation to a number.</summary>
    /// <param name="relation">Equal, LessThan, LessThanOrEqual, GreaterThan or GreaterThanOrEqual.</param>
    /// <param name="number">The number.</param>
    /// <param name="isOut">Per file; only set, never cleared.</param>
    public void Exclude(Function relation, long number, Span<bool> isOut)
    {
        bool below = relation is Function.Equal or Function.LessThan or Function.LessThanOrEqual;
        bool above = relation is Function.Equal or Function.GreaterThan or Function.GreaterThanOrEqual;

        // The least minimum, the greatest maximum at which no value is left.
        long first = relation == Function.LessThan ? number : number == long.MaxValue ? long.MaxValue : number + 1;
        long last = relation == Function.GreaterThan ? number : number == long.MinValue ? long.MinValue : number - 1;
        below &= relation == Function.LessThan || number != long.MaxValue;
        above &= relation == Function.GreaterThan || number != long.MinValue;
        ReadOnlySpan<byte> known = _known;
        ReadOnlySpan<long> minimum = _minimumNumbers, maximum = _maximumNumbers;
        for (int file = 0; file < isOut.Length; file++)
        {
            // Bounds that contradict each other say nothing.
            bool isSane = known[file] != (HasMinimum | HasMaximum) || minimum[file] <= maximum[file];
            isOut[file] |= isSane & ((below && (known[file] & HasMinimum) != 0 && minimum[file] >= first) |
                (above && (known[file] & HasMaximum) != 0 && maximum[file] <= last));
        }
    }

    /// <summary>As for numbers, with a text in UTF-8.</summary>
    public void Exclude(Function relation, ReadOnlySpan<byte> text, Span<bool> isOut)
    {
        bool below = relation is Function.Equal or Function.LessThan or Function.LessThanOrEqual;
        bool above = relation is Function.Equal or Function.GreaterThan or Function.GreaterThanOrEqual;
        for (int file = 0; file < isOut.Length; file++)
        {
            byte known = _known[file];
            if (known == (HasMinimum | HasMaximum) &&
                _minimumTexts![file].SequenceCompareTo(_maximumTexts![file]) > 0)
            {
                continue;
            }

            if (below && (known & HasMinimum) != 0 &&
                _minimumTexts![file].SequenceCompareTo(text) is int low &&
                (low > 0 || (low == 0 && relation == Function.LessThan)))
            {
                isOut[file] = true;
            }
            else if (above && (known & HasMaximum) != 0 &&
                _maximumTexts![file].SequenceCompareTo(text) is int high &&
                (high < 0 || (high == 0 && relation == Function.GreaterThan)))
            {
                isOut[file] = true;
            }
        }
    }

    /// <summary>Takes a bound from the statistics of a file; the reader stands on it.</summary>
    public void SetBound(int file, ref Utf8JsonReader json, bool isMaximum)
    {
        byte known = isMaximum ? HasMaximum : HasMinimum;
        if (IsText)
        {
            // Texts are appended: files come in their order, each bound at most once.
            BytesColumn texts = isMaximum ? _maximumTexts! : _minimumTexts!;
            if (json.TokenType == JsonTokenType.String && texts.Count <= file)
            {
                texts.PadTo(file);
                texts.Append(json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan);
                _known[file] |= known;
            }

            return;
        }

        if (_type.Kind == TypeKind.Long && json.TokenType == JsonTokenType.Number)
        {
            if (json.TryGetInt64(out long number))
            {
                (isMaximum ? _maximumNumbers : _minimumNumbers)[file] = number;
                _known[file] |= known;
            }

            return;
        }

        using JsonDocument value = JsonDocument.ParseValue(ref json);
        object? bound = isMaximum
            ? StatisticsValue.ReadMaximum(value.RootElement, _type)
            : StatisticsValue.ReadMinimum(value.RootElement, _type);
        if (bound is not null)
        {
            Set(file, bound, isMaximum);
            _known[file] |= known;
        }
    }

    public void SetNullCount(int file, long count) => _nullCounts[file] = count;

    private void Set(int file, object bound, bool isMaximum)
    {
        if (IsNumber)
        {
            (isMaximum ? _maximumNumbers : _minimumNumbers)[file] = ToLong(bound) ?? 0;
        }
        else
        {
            (isMaximum ? _maximumValues : _minimumValues)[file] = bound;
        }
    }

    /// <summary>A value of an integral type, or a date or time, as a number; null for anything else.</summary>
    public static long? ToLong(object? value) => value switch
    {
        long number => number,
        int number => number,
        short number => number,
        sbyte number => number,
        _ => null,
    };

    private object? Get(int file, long[] numbers, object?[] values, BytesColumn? texts) => _type.Kind switch
    {
        TypeKind.String => texts!.GetText(file),
        TypeKind.Byte => (sbyte)numbers[file],
        TypeKind.Short => (short)numbers[file],
        TypeKind.Integer or TypeKind.Date => (int)numbers[file],
        TypeKind.Long or TypeKind.Timestamp or TypeKind.TimestampNtz => numbers[file],
        _ => values[file],
    };
}
