namespace Polder.Parquet.Format;

/// <summary>One element of a footer's flat, depth-first schema list.</summary>
internal sealed record SchemaElement
{
    public required string Name { get; init; }

    /// <summary>Null for a group.</summary>
    public PhysicalType? Physical { get; init; }

    /// <summary>Bytes of a FIXED_LEN_BYTE_ARRAY; meaningless elsewhere.</summary>
    public int TypeLength { get; init; }

    /// <summary>Null for the root only.</summary>
    public Repetition? Repetition { get; init; }

    public int ChildCount { get; init; }

    public int? FieldId { get; init; }

    /// <summary>The logical type, or what the converted type stands for.</summary>
    public LogicalType Logical { get; init; }

    public static SchemaElement Decode(ref CompactReader reader)
    {
        string? name = null;
        PhysicalType? physical = null;
        Repetition? repetition = null;
        ConvertedType? converted = null;
        LogicalType logical = default;
        int? elementId = null;
        int typeLength = 0, childCount = 0, scale = 0, precision = 0;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    physical = (PhysicalType)reader.ReadInt32(type);
                    break;
                case 2:
                    typeLength = reader.ReadInt32(type);
                    break;
                case 3:
                    repetition = (Repetition)reader.ReadInt32(type);
                    break;
                case 4:
                    name = reader.ReadString(type);
                    break;
                case 5:
                    childCount = reader.ReadInt32(type);
                    break;
                case 6:
                    converted = (ConvertedType)reader.ReadInt32(type);
                    break;
                case 7:
                    scale = reader.ReadInt32(type);
                    break;
                case 8:
                    precision = reader.ReadInt32(type);
                    break;
                case 9:
                    elementId = reader.ReadInt32(type);
                    break;
                case 10:
                    reader.ExpectStruct(type);
                    logical = LogicalTypeCodec.Decode(ref reader);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (logical.Kind == LogicalKind.None && converted is ConvertedType known)
        {
            logical = LogicalType.FromConverted(known, precision, scale);
        }

        return new SchemaElement
        {
            Name = name ?? throw reader.Corrupt("a schema element without a name"),
            Physical = physical,
            TypeLength = typeLength,
            Repetition = repetition,
            ChildCount = childCount,
            FieldId = elementId,
            Logical = logical,
        };
    }

    public void Encode(ref CompactWriter writer)
    {
        if (Physical is PhysicalType physical)
        {
            writer.WriteInt32(1, (int)physical);
        }

        if (Physical == PhysicalType.FixedLenByteArray)
        {
            writer.WriteInt32(2, TypeLength);
        }

        if (Repetition is Repetition repetition)
        {
            writer.WriteInt32(3, (int)repetition);
        }

        writer.WriteString(4, Name);
        if (Physical is null || ChildCount > 0)
        {
            writer.WriteInt32(5, ChildCount);
        }

        if (Logical.ToConverted() is ConvertedType converted)
        {
            writer.WriteInt32(6, (int)converted);
        }

        if (Logical.Kind == LogicalKind.Decimal)
        {
            writer.WriteInt32(7, Logical.Scale);
            writer.WriteInt32(8, Logical.Precision);
        }

        if (FieldId is int elementId)
        {
            writer.WriteInt32(9, elementId);
        }

        if (LogicalTypeCodec.IsInUnion(Logical.Kind))
        {
            writer.BeginStruct(10);
            LogicalTypeCodec.Encode(ref writer, Logical);
            writer.EndStruct();
        }
    }
}
