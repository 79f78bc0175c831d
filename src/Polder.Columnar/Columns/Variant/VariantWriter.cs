using System;
using System.Collections.Generic;
using System.Text;

namespace Polder.Columns.Variant;

/// <summary>
/// Encodes variants: append one value (a primitive, or an object or array with all that is in it), take
/// <see cref="Metadata"/> and <see cref="Value"/>, clear, and go on with the next. Keys get ids in the order in which
/// they first appear, as Spark gives them. One thread at a time.
/// </summary>
/// <example><code>
/// writer.BeginObject();
/// writer.AppendKey("id"u8);
/// writer.AppendInteger(17);
/// writer.EndObject();
/// column.Append(writer.Metadata, writer.Value);
/// writer.Clear();
/// </code></example>
public sealed class VariantWriter
{
    private readonly KeyTable _keys = new();
    private readonly List<(int Id, int Offset)> _fields = [];
    private readonly List<Level> _levels = [];
    private readonly VariantBuffer _buffer = new();
    private readonly VariantBuffer _metadata = new();
    private bool _isMetadataDone;

    /// <summary>The dictionary of the value appended; borrowed until the next append.</summary>
    /// <exception cref="InvalidOperationException">The value is not whole.</exception>
    public ReadOnlySpan<byte> Metadata
    {
        get
        {
            CheckWhole();
            if (!_isMetadataDone)
            {
                _metadata.Truncate(0);
                _metadata.AppendMetadata(_keys.Keys);
                _isMetadataDone = true;
            }

            return _metadata.Written;
        }
    }

    /// <summary>The bytes of the value appended; borrowed until the next append.</summary>
    /// <exception cref="InvalidOperationException">The value is not whole.</exception>
    public ReadOnlySpan<byte> Value
    {
        get
        {
            CheckWhole();
            return _buffer.Written;
        }
    }

    /// <summary>Whether a value has been appended in full.</summary>
    public bool IsWhole => _levels.Count == 0 && _buffer.Length > 0;

    /// <summary>Forgets the value, to begin another.</summary>
    public void Clear()
    {
        _keys.Clear();
        _fields.Clear();
        _levels.Clear();
        _buffer.Truncate(0);
        _isMetadataDone = false;
    }

    /// <summary>Appends the variant null.</summary>
    public void AppendNull() => Begin().AppendHeader(VariantPrimitive.Null);

    /// <summary>Appends true or false.</summary>
    public void AppendBoolean(bool value) => Begin().AppendBoolean(value);

    /// <summary>Appends an integer in the shortest form that holds it, as Spark does.</summary>
    public void AppendInteger(long value) => Begin().AppendInteger(value);

    /// <summary>Appends an 8-bit integer.</summary>
    public void AppendInt8(sbyte value) => Begin().AppendNumber(VariantPrimitive.Int8, value);

    /// <summary>Appends a 16-bit integer.</summary>
    public void AppendInt16(short value) => Begin().AppendNumber(VariantPrimitive.Int16, value);

    /// <summary>Appends a 32-bit integer.</summary>
    public void AppendInt32(int value) => Begin().AppendNumber(VariantPrimitive.Int32, value);

    /// <summary>Appends a 64-bit integer.</summary>
    public void AppendInt64(long value) => Begin().AppendNumber(VariantPrimitive.Int64, value);

    /// <summary>Appends a 32-bit floating point number.</summary>
    public void AppendFloat(float value) => Begin().AppendFloat(value);

    /// <summary>Appends a 64-bit floating point number.</summary>
    public void AppendDouble(double value) => Begin().AppendDouble(value);

    /// <summary>Appends a decimal in the shortest form that holds it, its scale kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 38 digits, or a scale outside 0 to 38.</exception>
    public void AppendDecimal(VariantDecimal value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value.Scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Scale, VariantLimits.DecimalDigits);
        if (!VariantLimits.IsDecimal(value.Unscaled))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "a decimal has at most 38 digits");
        }

        Begin().AppendDecimal(value.Unscaled, value.Scale);
    }

    /// <summary>Appends a date: days since 1970-01-01.</summary>
    public void AppendDate(int days) => Begin().AppendNumber(VariantPrimitive.Date, days);

    /// <summary>Appends a time or a timestamp of any sort.</summary>
    /// <param name="kind"><see cref="VariantKind.Time"/> to <see cref="VariantKind.TimestampNtzNanos"/>.</param>
    /// <param name="value">In the unit that the kind says.</param>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none of those.</exception>
    public void AppendTime(VariantKind kind, long value) => Begin().AppendNumber(
        kind switch
        {
            VariantKind.Time => VariantPrimitive.Time,
            VariantKind.Timestamp => VariantPrimitive.Timestamp,
            VariantKind.TimestampNtz => VariantPrimitive.TimestampNtz,
            VariantKind.TimestampNanos => VariantPrimitive.TimestampNanos,
            VariantKind.TimestampNtzNanos => VariantPrimitive.TimestampNtzNanos,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no kind of time"),
        },
        value);

    /// <summary>Appends text, given as UTF-8.</summary>
    public void AppendUtf8(ReadOnlySpan<byte> text) => Begin().AppendUtf8(text);

    /// <summary>Appends text.</summary>
    public void AppendString(string text) => AppendUtf8(Encoding.UTF8.GetBytes(text));

    /// <summary>Appends bytes.</summary>
    public void AppendBinary(ReadOnlySpan<byte> bytes) => Begin().AppendBinary(bytes);

    /// <summary>Appends a UUID.</summary>
    public void AppendUuid(Guid value) => Begin().AppendUuid(value);

    /// <summary>Begins an object: a key and a value for each field follow, then <see cref="EndObject"/>.</summary>
    public void BeginObject()
    {
        Begin();
        _levels.Add(new Level(true, _buffer.Length, _fields.Count));
    }

    /// <summary>Appends the key of a field, as UTF-8; its value follows.</summary>
    /// <exception cref="InvalidOperationException">No object is begun, or the last key has no value yet.</exception>
    public void AppendKey(ReadOnlySpan<byte> key)
    {
        if (_levels.Count == 0 || _levels[^1] is not { IsObject: true, HasKey: false } level)
        {
            throw new InvalidOperationException("a key stands in an object, before a value");
        }

        _fields.Add((IdOf(key), _buffer.Length - level.Start));
        _levels[^1] = level with { HasKey = true };
    }

    /// <summary>Ends the object begun last.</summary>
    /// <exception cref="InvalidOperationException">None is begun, or a key has no value.</exception>
    /// <exception cref="ArgumentException">It has a key twice.</exception>
    public void EndObject()
    {
        Level level = End(isObject: true);
        Span<(int Id, int Offset)> fields =
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_fields)[level.FieldsStart..];
        fields.Sort((left, right) => _keys.Keys[left.Id].AsSpan().SequenceCompareTo(_keys.Keys[right.Id]));
        for (int index = 1; index < fields.Length; index++)
        {
            if (fields[index].Id == fields[index - 1].Id)
            {
                throw new ArgumentException(
                    $"an object has the key '{Encoding.UTF8.GetString(_keys.Keys[fields[index].Id])}' twice");
            }
        }

        _buffer.EndObject(level.Start, fields);
        _fields.RemoveRange(level.FieldsStart, fields.Length);
    }

    /// <summary>Begins an array: its elements follow, then <see cref="EndArray"/>.</summary>
    public void BeginArray()
    {
        Begin();
        _levels.Add(new Level(false, _buffer.Length, _fields.Count));
    }

    /// <summary>Ends the array begun last.</summary>
    /// <exception cref="InvalidOperationException">None is begun.</exception>
    public void EndArray()
    {
        Level level = End(isObject: false);
        int[] offsets = new int[_fields.Count - level.FieldsStart];
        for (int index = 0; index < offsets.Length; index++)
        {
            offsets[index] = _fields[level.FieldsStart + index].Offset;
        }

        _buffer.EndArray(level.Start, offsets);
        _fields.RemoveRange(level.FieldsStart, offsets.Length);
    }

    /// <summary>Appends a value that stands elsewhere, its keys put into this dictionary.</summary>
    /// <param name="value">The value.</param>
    /// <param name="limits">How deep it may nest; null = the defaults.</param>
    /// <exception cref="CorruptFileException">It is damaged.</exception>
    public void Append(VariantValue value, Limits? limits = null)
    {
        VariantWalk walk = new(limits ?? Limits.Default, value);
        Append(value, ref walk);
    }

    private void Append(VariantValue value, ref VariantWalk walk)
    {
        walk.Enter(value);
        switch (value.Kind)
        {
            case VariantKind.Object:
                BeginObject();
                for (int index = 0; index < value.Count; index++)
                {
                    AppendKey(value.KeyAt(index));
                    Append(value[index], ref walk);
                }

                EndOf(value);
                break;
            case VariantKind.Array:
                BeginArray();
                for (int index = 0; index < value.Count; index++)
                {
                    Append(value[index], ref walk);
                }

                EndArray();
                break;
            default:
                Begin().AppendRaw(value.Value);
                break;
        }

        walk.Leave();
    }

    // A key twice is misuse where a caller appends it, and damage where a value has it.
    private void EndOf(VariantValue value)
    {
        try
        {
            EndObject();
        }
        catch (ArgumentException exception)
        {
            throw new CorruptFileException($"in a variant {exception.Message}", innerException: exception);
        }
    }

    // Where a value begins: it takes the key before it, is the next element, or the whole.
    private VariantBuffer Begin()
    {
        if (_levels.Count == 0)
        {
            return _buffer.Length == 0
                ? _buffer
                : throw new InvalidOperationException("a variant is one value; take it and clear the writer");
        }

        Level level = _levels[^1];
        if (level.IsObject)
        {
            _levels[^1] = level.HasKey
                ? level with { HasKey = false }
                : throw new InvalidOperationException("in an object a value follows a key");
        }
        else
        {
            _fields.Add((0, _buffer.Length - level.Start));
        }

        return _buffer;
    }

    private Level End(bool isObject)
    {
        if (_levels.Count == 0 || _levels[^1].IsObject != isObject || _levels[^1].HasKey)
        {
            throw new InvalidOperationException(isObject ? "no object can end here" : "no array can end here");
        }

        Level level = _levels[^1];
        _levels.RemoveAt(_levels.Count - 1);
        return level;
    }

    private int IdOf(ReadOnlySpan<byte> key)
    {
        _isMetadataDone = false;
        return _keys.FindOrAdd(key);
    }

    private void CheckWhole()
    {
        if (!IsWhole)
        {
            throw new InvalidOperationException("the variant is not whole");
        }
    }

    /// <summary>An object or array begun: where its values begin, and its fields among all.</summary>
    private readonly record struct Level(bool IsObject, int Start, int FieldsStart, bool HasKey = false);
}
