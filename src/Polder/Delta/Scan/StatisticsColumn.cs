using System;
using System.Buffers;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Polder.Bytes;
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
    private readonly byte[] _valueless;

    public StatisticsColumn(DataType type, int fileCount)
    {
        _type = type;
        _known = new byte[fileCount];
        _nullCounts = new long[fileCount];
        Array.Fill(_nullCounts, -1);
        _valueless = new byte[(fileCount + 63) / 64 * sizeof(ulong)];
        if (IsNumber || IsText)
        {
            // What is not known rules nothing out.
            (_minimumNumbers, _maximumNumbers) = (new long[fileCount], new long[fileCount]);
            Array.Fill(_minimumNumbers, long.MinValue);
            Array.Fill(_maximumNumbers, long.MaxValue);
        }

        if (IsText)
        {
            (_minimumTexts, _maximumTexts) = (new BytesColumn(), new BytesColumn());
        }
        else if (!IsNumber)
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

    /// <summary>Completes the column when all files have been looked at.</summary>
    public void Seal(FileTable files)
    {
        for (int file = 0; file < _known.Length; file++)
        {
            long rowCount = files.GetPhysicalRowCount(file);
            if (rowCount == 0 || (rowCount > 0 && _nullCounts[file] == rowCount))
            {
                Bitmap.Set(_valueless, file);
            }

            // Bounds that contradict each other say nothing.
            if (_known[file] == (HasMinimum | HasMaximum) && IsContradiction(file))
            {
                _known[file] = 0;
                if (_minimumNumbers.Length > 0)
                {
                    (_minimumNumbers[file], _maximumNumbers[file]) = (long.MinValue, long.MaxValue);
                }
            }
        }
    }

    /// <summary>Marks the files in which no value can stand in a relation to a number.</summary>
    /// <param name="relation">Equal, LessThan, LessThanOrEqual, GreaterThan or GreaterThanOrEqual.</param>
    /// <param name="number">The number.</param>
    /// <param name="isOut">A bit per file; only set, never cleared.</param>
    public void Exclude(Function relation, long number, Span<ulong> isOut)
    {
        // The least minimum, the greatest maximum at which no value is left.
        long first = relation == Function.LessThan ? number : number == long.MaxValue ? long.MaxValue : number + 1;
        long last = relation == Function.GreaterThan ? number : number == long.MinValue ? long.MinValue : number - 1;
        if (IsBelow(relation) && (relation == Function.LessThan || number != long.MaxValue))
        {
            Include<LessOrEqualOperator<long>>([first], _minimumNumbers, isOut);
        }

        if (IsAbove(relation) && (relation == Function.GreaterThan || number != long.MinValue))
        {
            Include<LessOrEqualOperator<long>>(_maximumNumbers, [last], isOut);
        }

        Include(_valueless, isOut);
    }

    /// <summary>As for numbers, with a text in UTF-8.</summary>
    public void Exclude(Function relation, ReadOnlySpan<byte> text, Span<ulong> isOut)
    {
        // Where the first bytes differ, they decide; where they do not, the whole texts are compared.
        long[] key = [ToKey(text)];
        ulong[] same = new ulong[isOut.Length];
        if (IsBelow(relation))
        {
            Include<LessOperator<long>>(key, _minimumNumbers, isOut);
            Include<EqualOperator<long>>(key, _minimumNumbers, same);
            ExcludeSame(same, HasMinimum, _minimumTexts!, text, relation == Function.LessThan, isOut);
        }

        if (IsAbove(relation))
        {
            Array.Clear(same);
            Include<LessOperator<long>>(_maximumNumbers, key, isOut);
            Include<EqualOperator<long>>(key, _maximumNumbers, same);
            ExcludeSame(same, HasMaximum, _maximumTexts!, text, relation == Function.GreaterThan, isOut);
        }

        Include(_valueless, isOut);
    }

    private void ExcludeSame(
        ulong[] candidates, byte bound, BytesColumn texts, ReadOnlySpan<byte> text, bool orEqual, Span<ulong> isOut)
    {
        for (int word = 0; word < candidates.Length; word++)
        {
            for (ulong rest = candidates[word]; rest != 0; rest &= rest - 1)
            {
                int file = (word * RemovalMask.WordBits) + BitOperations.TrailingZeroCount(rest);
                if ((_known[file] & bound) == 0)
                {
                    continue;
                }

                int order = texts[file].SequenceCompareTo(text);
                if ((order == 0 && orEqual) || (bound == HasMinimum ? order > 0 : order < 0))
                {
                    isOut[word] |= rest & (~rest + 1);
                }
            }
        }
    }

    /// <summary>Sets the bits of the files where a comparison holds.</summary>
    private void Include<TOperator>(ReadOnlySpan<long> left, ReadOnlySpan<long> right, Span<ulong> target)
        where TOperator : struct, ICompareOperator<long>
    {
        byte[] found = ArrayPool<byte>.Shared.Rent(_valueless.Length);
        found.AsSpan(Bitmap.SizeBytes(_known.Length).._valueless.Length).Clear();
        CompareKernels.Compare<long, TOperator>(left, right, _known.Length, found);
        Include(found.AsSpan(0, _valueless.Length), target);
        ArrayPool<byte>.Shared.Return(found);
    }

    private static void Include(ReadOnlySpan<byte> found, Span<ulong> target)
    {
        ReadOnlySpan<ulong> words = ByteCast.As<ulong>(found);
        for (int word = 0; word < target.Length; word++)
        {
            target[word] |= words[word];
        }
    }

    private static bool IsBelow(Function relation) =>
        relation is Function.Equal or Function.LessThan or Function.LessThanOrEqual;

    private static bool IsAbove(Function relation) =>
        relation is Function.Equal or Function.GreaterThan or Function.GreaterThanOrEqual;

    /// <summary>The first bytes as a number in the order of the texts.</summary>
    private static long ToKey(ReadOnlySpan<byte> text) =>
        (long)(PrefixWord.BigEndian(text, 0, text.Length) ^ (1UL << 63));

    private bool IsContradiction(int file) => IsText
        ? _minimumTexts![file].SequenceCompareTo(_maximumTexts![file]) > 0
        : IsNumber && _minimumNumbers[file] > _maximumNumbers[file];

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
                (isMaximum ? _maximumNumbers : _minimumNumbers)[file] = ToKey(texts[file]);
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
