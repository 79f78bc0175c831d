namespace Polder.Parquet.Format;

/// <summary>The LogicalType union in Thrift.</summary>
internal static class LogicalTypeCodec
{
    /// <summary>Whether the kind has a member of the union.</summary>
    public static bool IsInUnion(LogicalKind kind) =>
        kind is not (LogicalKind.None or LogicalKind.Interval or LogicalKind.Unrecognized);

    public static LogicalType Decode(ref CompactReader reader)
    {
        LogicalType logical = new(LogicalKind.Unrecognized);
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch ((LogicalKind)fieldId)
            {
                case LogicalKind.Decimal:
                    reader.ExpectStruct(type);
                    logical = DecodeDecimal(ref reader);
                    break;
                case LogicalKind.Time or LogicalKind.Timestamp:
                    reader.ExpectStruct(type);
                    logical = DecodeTime(ref reader, (LogicalKind)fieldId);
                    break;
                case LogicalKind.Integer:
                    reader.ExpectStruct(type);
                    logical = DecodeInteger(ref reader);
                    break;
                case LogicalKind.Geometry or LogicalKind.Geography:
                    reader.ExpectStruct(type);
                    logical = DecodeGeospatial(ref reader, (LogicalKind)fieldId);
                    break;
                default:
                    if (fieldId is >= 1 and <= 19 and not 9)
                    {
                        logical = new LogicalType((LogicalKind)fieldId);
                    }

                    reader.Skip(type);
                    break;
            }
        }

        return logical;
    }

    /// <summary>Writes the union's member; the caller opens and closes the union.</summary>
    public static void Encode(ref CompactWriter writer, LogicalType logical)
    {
        int fieldId = (int)logical.Kind;
        switch (logical.Kind)
        {
            case LogicalKind.Decimal:
                writer.BeginStruct(fieldId);
                writer.WriteInt32(1, logical.Scale);
                writer.WriteInt32(2, logical.Precision);
                writer.EndStruct();
                break;
            case LogicalKind.Time or LogicalKind.Timestamp:
                writer.BeginStruct(fieldId);
                writer.WriteBool(1, logical.IsAdjustedToUtc);
                writer.BeginStruct(2);
                writer.WriteEmptyStruct((int)logical.Unit);
                writer.EndStruct();
                writer.EndStruct();
                break;
            case LogicalKind.Integer:
                writer.BeginStruct(fieldId);
                writer.WriteByte(1, (sbyte)logical.BitWidth);
                writer.WriteBool(2, logical.IsSigned);
                writer.EndStruct();
                break;
            case LogicalKind.Variant:
                writer.BeginStruct(fieldId);
                writer.WriteByte(1, 1);
                writer.EndStruct();
                break;
            case LogicalKind.Geometry or LogicalKind.Geography:
                writer.BeginStruct(fieldId);
                if (logical.CoordinateSystem is string system)
                {
                    writer.WriteString(1, system);
                }

                if (logical.EdgeAlgorithm != EdgeAlgorithm.Spherical)
                {
                    writer.WriteInt32(2, (int)logical.EdgeAlgorithm);
                }

                writer.EndStruct();
                break;
            default:
                writer.WriteEmptyStruct(fieldId);
                break;
        }
    }

    private static LogicalType DecodeDecimal(ref CompactReader reader)
    {
        int precision = 0, scale = 0;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    scale = reader.ReadInt32(type);
                    break;
                case 2:
                    precision = reader.ReadInt32(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return LogicalType.Decimal(precision, scale);
    }

    private static LogicalType DecodeTime(ref CompactReader reader, LogicalKind kind)
    {
        bool isAdjustedToUtc = false;
        LogicalTimeUnit unit = LogicalTimeUnit.None;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    isAdjustedToUtc = reader.ReadBool(type);
                    break;
                case 2:
                    reader.ExpectStruct(type);
                    unit = DecodeUnit(ref reader);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new LogicalType(kind) { Unit = unit, IsAdjustedToUtc = isAdjustedToUtc };
    }

    private static LogicalTimeUnit DecodeUnit(ref CompactReader reader)
    {
        LogicalTimeUnit unit = LogicalTimeUnit.None;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            unit = fieldId <= (int)LogicalTimeUnit.Nanos ? (LogicalTimeUnit)fieldId : LogicalTimeUnit.None;
            reader.Skip(type);
        }

        return unit;
    }

    private static LogicalType DecodeInteger(ref CompactReader reader)
    {
        int bitWidth = 0;
        bool isSigned = false;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    bitWidth = reader.ReadInt32(type);
                    break;
                case 2:
                    isSigned = reader.ReadBool(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return LogicalType.Integer(bitWidth, isSigned);
    }

    private static LogicalType DecodeGeospatial(ref CompactReader reader, LogicalKind kind)
    {
        string? system = null;
        EdgeAlgorithm algorithm = EdgeAlgorithm.Spherical;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    system = reader.ReadString(type);
                    break;
                case 2 when kind == LogicalKind.Geography:
                    algorithm = (EdgeAlgorithm)reader.ReadInt32(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new LogicalType(kind) { CoordinateSystem = system, EdgeAlgorithm = algorithm };
    }
}
